import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

@testable import EphemeralPatterns

@Suite(.timeLimit(.minutes(1)))
struct RateLimitsTests {
    let time = ManualTimeSource()
    var limits = RateLimits()

    private func event(_ signal: String, after milliseconds: Int = 0) -> SignalEvent {
        SignalEvent(signal, timestamp: instant(milliseconds), timeSource: time)
    }

    private func instant(_ milliseconds: Int) -> ContinuousClock.Instant {
        time.now.advanced(by: .milliseconds(milliseconds))
    }

    @Test mutating func aLimitEndsAtTheTimeOfItsSignalPlusItsOwn() {
        let hold = limits.add(event("rate-limit:500ms", after: 100), .milliseconds(500), now: instant(300))
        #expect(hold.until == instant(600))
        #expect(limits.notBefore(now: instant(599)) == instant(600))
        #expect(limits.notBefore(now: instant(600)) == nil)
    }

    @Test mutating func ofSeveralTheOneThatEndsLastHolds() {
        _ = limits.add(event("rate-limit:5s"), .seconds(5), now: instant(0))
        let hold = limits.add(event("rate-limit:1s", after: 1000), .seconds(1), now: instant(1000))
        #expect(hold.until == instant(5000) && hold.order == 2)
    }

    @Test mutating func oneThatIsTakenBackLeavesTheOthers() {
        let long = event("rate-limit:5s")
        _ = limits.add(long, .seconds(5), now: instant(0))
        _ = limits.add(event("rate-limit:1s"), .seconds(1), now: instant(0))
        #expect(limits.remove(long, now: instant(10))?.until == instant(1000))
        #expect(limits.remove(long, now: instant(10)) == nil)
    }

    @Test mutating func ofTooManyThoseAreForgottenThatEndFirst() {
        for number in 0..<(RateLimits.capacity + 50) {
            _ = limits.add(event("rate-limit:9s"), .seconds(number + 1), now: instant(0))
        }
        #expect(limits.notBefore(now: instant(0)) == instant(1000 * (RateLimits.capacity + 50)))
    }

    @Test mutating func aTimeBeyondTheClockEndsWithTheClock() {
        let hold = limits.add(event("rate-limit"), .seconds(Int64.max), now: instant(0))
        #expect(hold.until == Timestamp.distantFuture.instant)
    }

    @Test(arguments: [
        ("rate-limit:500ms", 500), ("rate-limit:2s", 2000), ("rate-limit:0ms", 0), ("rate-limit:ms", nil),
        ("rate-limit:", nil), ("rate-limit:-5ms", nil), ("rate-limit:5", nil), ("rate-limit:soon", nil),
        ("rate-limit:99999999999999999999ms", nil),
    ])
    func onlyDigitsWithAUnitAreATime(_ signal: String, _ milliseconds: Int?) {
        #expect(RateLimits.limit(of: event(signal)) == milliseconds.map { .milliseconds($0) })
    }

    @Test(arguments: [
        (Duration.milliseconds(500), "rate-limit:500ms"), (.seconds(2), "rate-limit:2000ms"),
        (.microseconds(1), "rate-limit:1ms"), (.zero, "rate-limit:0ms"), (.seconds(-1), "rate-limit:0ms"),
    ])
    func anErrorIsASignalInWholeMilliseconds(_ time: Duration, _ signal: String) {
        #expect(RateLimitError(retryAfter: time).signal == signal)
    }
}
