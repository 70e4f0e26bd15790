internal import Ephemeral
internal import EphemeralTime

/// Signals that are raised on one component until they are taken back, and shown in a shared sink.
struct AmbientSignals: Sendable {
    /// How many different names are kept; the oldest go first.
    static let capacity = 1000

    /// What is raised; nothing in it grows old.
    let sink: SignalSink
    let mirror: SignalSink?
    private let time: any TimeSource
    /// Whom the signals in the mirror belong to.
    private let owner = OperationID.next()

    init(mirroredIn mirror: SignalSink?, time: any TimeSource) {
        sink = SignalSink(maxCapacity: Self.capacity, maxAge: .nanoseconds(Int64.max), time: time)
        self.mirror = mirror
        self.time = time
    }

    func raise(_ signal: String) {
        guard signal.contains(where: { !$0.isWhitespace }) else { return }
        let event = SignalEvent(signal, operationID: owner, timestamp: time.now, timeSource: time)
        // Two callers at once may both find it missing; both events are taken back together.
        if !sink.contains(signal) { sink.raise(event) }
        mirror?.raise(event)
    }

    func retract(_ signal: String) -> Bool {
        let count = sink.retract(signal)
        mirror?.retract(signal, of: owner, pattern: nil)
        return count > 0
    }
}
