/// How long a run waits for its target, and how much it keeps.
public struct RunLimits: Sendable, Equatable {
    /// The longest wait for what is in flight after the last phase.
    public var drain: Duration = .seconds(30)
    /// The same after an interruption by the user.
    public var interruptedDrain: Duration = .seconds(5)
    /// The longest wait for a target's shutdown.
    public var shutdown: Duration = .seconds(10)
    /// The most events a history may have: half a gigabyte by default.
    ///
    /// An open load that is known to exceed it is recorded at level `latency`; a closed load ends when it is reached.
    public var historyEvents = 20_000_000
    /// How long the thread of a run in virtual time may be blocked in all before something in it must be waiting.
    ///
    /// Page faults and locks whose holder is off the CPU add up to less, also on a busy machine.
    public var blocking: Duration = defaultBlocking
    /// The distance of progress reports.
    public var progressInterval: Duration = .milliseconds(250)
    /// The distance of readings of the target's own counts, where an invariant asks for them.
    public var sampleInterval: Duration = .milliseconds(5)

    // The runtime takes locks for the thread sanitizer that other threads hold for seconds in all.
    #if EPHEMERAL_THREAD_SANITIZER
        private static let defaultBlocking = Duration.seconds(600)
    #else
        private static let defaultBlocking = Duration.milliseconds(250)
    #endif

    /// Creates the default limits.
    public init() {}
}
