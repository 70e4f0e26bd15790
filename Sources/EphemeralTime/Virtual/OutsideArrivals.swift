internal import Dispatch

/// Wakes the thread that runs virtual time when it has nothing to do.
final class OutsideArrivals: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func signal() { semaphore.signal() }

    /// Blocks the calling thread until something arrives.
    ///
    /// - Returns: Whether something did within that time; an old arrival counts too.
    func wait(atMost patience: Duration) -> Bool {
        semaphore.wait(timeout: .now() + patience.dispatchInterval) == .success
    }
}

extension Duration {
    /// The duration as Dispatch wants it.
    var dispatchInterval: DispatchTimeInterval { .nanoseconds(Int(clamping: clampedNanoseconds)) }
}
