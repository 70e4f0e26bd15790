import EphemeralTime
import Synchronization

/// A time source whose present is set by the test; sleeping is not needed here and returns at once.
final class ManualClock: TimeSource {
    private let elapsed = Mutex(Duration.seconds(1000))

    var now: ContinuousClock.Instant {
        ContinuousClock().systemEpoch.advanced(by: elapsed.withLock { $0 })
    }

    func advance(by duration: Duration) {
        elapsed.withLock { $0 += duration }
    }

    func sleep(until deadline: ContinuousClock.Instant) async throws {}

    func wallTime(at instant: ContinuousClock.Instant) -> WallTime {
        WallTime(sinceUnixEpoch: ContinuousClock().systemEpoch.duration(to: instant))
    }
}
