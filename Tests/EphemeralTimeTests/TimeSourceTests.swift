import EphemeralTime
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TimeSourceTests {
    @Test func theMachinesClockReadsTheContinuousClock() {
        let before = ContinuousClock.now
        let between = SystemTimeSource().now
        let fast = FastTimeSource(.system).now
        let after = ContinuousClock.now
        #expect(before <= between)
        #expect(Timestamp(between) <= fast)
        #expect(fast <= Timestamp(after))
    }

    @Test func wallTimesKeepTheDistancesOfTheirInstants() {
        let time = SystemTimeSource()
        let now = time.now
        let early = time.wallTime(at: now).sinceUnixEpoch
        let late = time.wallTime(at: now.advanced(by: .milliseconds(250))).sinceUnixEpoch
        #expect(late - early == .milliseconds(250))
        #expect(early > .seconds(1_700_000_000))
    }

    @Test func aSleepOfTheMachineEndsNoSoonerThanItsDeadline() async throws {
        let time = SystemTimeSource()
        let deadline = time.now.advanced(by: .microseconds(50))
        try await time.sleep(until: deadline)
        #expect(time.now >= deadline)
        try await time.sleep(for: .seconds(-1))
    }

    @Test func aCancelledSleepOfTheMachineThrows() async {
        let sleeper = Task { try await SystemTimeSource().sleep(for: .seconds(3600)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test func sleepingForADurationSleepsToTheInstantThatFarAhead() async throws {
        let time = FixedTimeSource()
        try await time.sleep(for: .seconds(3))
        #expect(time.requested.withLock { $0 } == [time.now.advanced(by: .seconds(3))])
    }

    @Test func anotherSourceIsReadThroughTheFastForm() {
        let time = FixedTimeSource()
        #expect(FastTimeSource(time).now == Timestamp(time.now))
        #expect(FastTimeSource(time).source is FixedTimeSource)
        #expect(FastTimeSource(.system).source is SystemTimeSource)
    }
}

/// A source whose sleeps return at once and are noted.
private final class FixedTimeSource: TimeSource {
    let requested = Mutex<[ContinuousClock.Instant]>([])
    let now = ContinuousClock().systemEpoch.advanced(by: .seconds(77))

    func sleep(until deadline: ContinuousClock.Instant) async throws {
        requested.withLock { $0.append(deadline) }
    }

    func wallTime(at instant: ContinuousClock.Instant) -> WallTime { WallTime(sinceUnixEpoch: .zero) }
}
