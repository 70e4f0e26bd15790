internal import Dispatch
internal import EphemeralTime

/// Calls back at a steady pace from outside the pool, so that a saturated pool does not silence it.
final class ProgressTicker: Ticker {
    private let timer: any DispatchSourceTimer

    init(interval: Duration, _ tick: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "harness.progress"))
        let nanoseconds = Int(clamping: max(1, interval.clampedNanoseconds))
        timer.schedule(deadline: .now() + .nanoseconds(nanoseconds), repeating: .nanoseconds(nanoseconds))
        timer.setEventHandler(handler: tick)
        timer.resume()
    }

    func cancel() { timer.cancel() }

    deinit { timer.cancel() }
}
