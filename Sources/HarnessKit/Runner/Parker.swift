internal import CHarnessSystem

/// What the conducting thread sleeps on and everybody else wakes it by.
final class Parker: Sendable {
    private let event = harness_event_create()

    deinit { harness_event_destroy(event) }

    /// Wakes the sleeper, or makes its next wait return at once.
    func signal() { harness_event_signal(event) }

    /// Blocks the calling thread until a signal or an absolute time of `clockNanoseconds()`.
    func wait(until deadline: Int64) { _ = harness_event_wait(event, deadline) }
}
