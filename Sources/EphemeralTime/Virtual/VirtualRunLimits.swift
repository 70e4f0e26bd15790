/// How long a run in virtual time may take before it is given up.
public struct VirtualRunLimits: Sendable, Hashable {
    /// After how many steps a run ends that would not by itself; 50 million by default.
    public var maxSteps: Int
    /// How long one step may occupy the thread, in real time, before it counts as blocked; 10 seconds by default.
    public var stepTimeout: Duration
    /// How long to wait, in real time, for work outside of virtual time when nothing can happen inside, before that
    /// counts as a deadlock; one second by default.
    public var idleTimeout: Duration

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - maxSteps: After how many steps a run ends that would not by itself.
    ///   - stepTimeout: How long one step may occupy the thread, in real time.
    ///   - idleTimeout: How long to wait, in real time, for work outside when nothing can happen inside.
    public init(
        maxSteps: Int = 50_000_000,
        stepTimeout: Duration = .seconds(10),
        idleTimeout: Duration = .seconds(1)
    ) {
        self.maxSteps = maxSteps
        self.stepTimeout = stepTimeout
        self.idleTimeout = idleTimeout
    }

    func validate() throws(VirtualTimeError) {
        guard maxSteps > 0 else { throw .invalid("maxSteps", maxSteps, "a run needs at least one step") }
        guard stepTimeout > .zero else { throw .invalid("stepTimeout", stepTimeout, "it has to be positive") }
        guard idleTimeout >= .zero else { throw .invalid("idleTimeout", idleTimeout, "it must not be negative") }
    }
}
