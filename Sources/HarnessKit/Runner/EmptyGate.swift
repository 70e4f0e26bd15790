internal import Synchronization

/// Tells, once it is armed, when nothing is on its way into the target and nothing is in flight.
///
/// Whoever is about to submit is *busy*. The last to leave, or the last operation to end, finds the run empty; nobody
/// polls. Before it is armed a check costs one load.
final class EmptyGate: Sendable {
    private let counters: Counters
    private let onEmpty: @Sendable () -> Void
    private let armed = Atomic<Bool>(false)
    private let busy = Atomic<Int>(0)

    /// Creates a gate.
    ///
    /// - Parameters:
    ///   - counters: The run's counts.
    ///   - onEmpty: Called at least once when the run is empty while the gate is armed.
    init(counters: Counters, onEmpty: @escaping @Sendable () -> Void) {
        self.counters = counters
        self.onEmpty = onEmpty
    }

    /// Notes that somebody may submit from now on.
    func enter() { busy.wrappingAdd(1, ordering: .sequentiallyConsistent) }

    /// Notes that somebody has submitted all there was, with the counts written before.
    func leave() {
        busy.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        check()
    }

    func arm() {
        armed.store(true, ordering: .sequentiallyConsistent)
        check()
    }

    func disarm() { armed.store(false, ordering: .sequentiallyConsistent) }

    /// Looks whether the run is empty; called after every end of an operation.
    @inline(__always)
    func check() {
        if armed.load(ordering: .sequentiallyConsistent), isEmpty { onEmpty() }
    }

    /// Whether nothing is on its way in and nothing is in flight.
    var isEmpty: Bool {
        busy.load(ordering: .sequentiallyConsistent) == 0 && counters.tally.inFlight <= 0
    }
}
