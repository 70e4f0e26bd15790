import EphemeralAtoms
import EphemeralTesting
import Testing

@testable import EphemeralPatterns

@Suite(.timeLimit(.minutes(1)))
struct FanOutThrottleTests {
    let start = ManualTimeSource().now

    private static var options: ReactiveFanOutOptions {
        var options = ReactiveFanOutOptions()
        (options.backpressureThreshold, options.reliefThreshold) = (3, 1)
        return options
    }

    private var throttle = FanOutThrottle(Self.options)

    private mutating func note(
        at milliseconds: Int,
        _ event: (inout FanOutThrottle, ContinuousClock.Instant, inout LimitEffects) -> Void
    ) -> LimitEffects {
        var effects = LimitEffects()
        event(&throttle, start.advanced(by: .milliseconds(milliseconds)), &effects)
        return effects
    }

    private mutating func handOver(_ count: Int, at milliseconds: Int = 0) -> LimitEffects {
        for _ in 1..<count { _ = note(at: milliseconds) { $0.handOver(now: $1, &$2) } }
        return note(at: milliseconds) { $0.handOver(now: $1, &$2) }
    }

    @Test mutating func asManyItemsAsTheThresholdThrottleOnce() {
        #expect(handOver(2) == LimitEffects())
        let effects = handOver(1)
        #expect(effects.limit == 1 && effects.signals == ["stage2.backpressure"])
        #expect(handOver(1) == LimitEffects())
    }

    @Test mutating func itIsRelievedWhenLittleWaitsAndTheCooldownIsOver() {
        _ = handOver(3)
        #expect(note(at: 250) { $0.leave(now: $1, &$2) } == LimitEffects())
        let effects = note(at: 251) { $0.leave(now: $1, &$2) }
        #expect(effects.limit == 8 && effects.signals == ["stage2.relieved"])
    }

    @Test mutating func littleThatWaitsInTheCooldownSetsAnAlarmThatRelieves() throws {
        _ = handOver(3)
        for moment in [10, 20] { _ = note(at: moment) { $0.leave(now: $1, &$2) } }
        #expect(note(at: 30) { $0.end(hasFailed: false, now: $1, &$2) } == LimitEffects())
        let effects = note(at: 200) { $0.intervalIsOver(1, now: $1, &$2) }
        #expect(effects.limit == 8)
    }

    @Test mutating func aFailureThrottlesAndProlongsTheCooldown() {
        let effects = note(at: 0) { $0.end(hasFailed: true, now: $1, &$2) }
        #expect(effects.limit == 1 && effects.signals == ["stage2.failed"])
        #expect(effects.alarm?.due == start.advanced(by: .milliseconds(200)))
        let second = note(at: 150) { $0.end(hasFailed: true, now: $1, &$2) }
        #expect(second.limit == nil && second.alarm?.due == start.advanced(by: .milliseconds(350)))
        #expect(note(at: 200) { $0.end(hasFailed: false, now: $1, &$2) } == LimitEffects())
        #expect(note(at: 350) { $0.end(hasFailed: false, now: $1, &$2) }.limit == 8)
    }
}
