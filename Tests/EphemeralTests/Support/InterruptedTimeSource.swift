import EphemeralTime
import Synchronization

/// A clock that lets a test act when it is read: the only way into the middle of an event.
final class InterruptedTimeSource: TimeSource {
    private let interruption = Mutex<(readings: Int, action: (@Sendable () -> Void)?)>((0, nil))
    private let instant = ContinuousClock().systemEpoch.advanced(by: .seconds(1))

    /// Calls `action` once, at the reading of this number from now.
    func interrupt(atReading reading: Int, _ action: @escaping @Sendable () -> Void) {
        interruption.withLock { $0 = (reading, action) }
    }

    var now: ContinuousClock.Instant {
        let action = interruption.withLock { interruption -> (@Sendable () -> Void)? in
            interruption.readings -= 1
            guard interruption.readings == 0 else { return nil }
            defer { interruption.action = nil }
            return interruption.action
        }
        action?()
        return instant
    }

    func sleep(until deadline: ContinuousClock.Instant) async throws {}

    func wallTime(at instant: ContinuousClock.Instant) -> WallTime { WallTime(sinceUnixEpoch: .zero) }
}
