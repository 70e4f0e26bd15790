import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ManualTimeSourceTests {
    let time = ManualTimeSource()

    @Test func theClockStandsStillUntilItIsMoved() {
        let start = time.now
        #expect(time.now == start)
        time.advance(by: .seconds(2))
        #expect(start.duration(to: time.now) == .seconds(2))
        time.advance(to: start.advanced(by: .seconds(5)))
        #expect(start.duration(to: time.now) == .seconds(5))
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func theClockNeverGoesBack(_ step: Duration) {
        let start = time.now
        time.advance(by: step)
        #expect(time.now == start)
        time.advance(to: start.advanced(by: .seconds(-3)))
        #expect(time.now == start)
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func aSleepToThePresentOrThePastReturnsAtOnce(_ duration: Duration) async throws {
        try await time.sleep(for: duration)
        #expect(time.deadlines.isEmpty)
    }

    @Test func nextSleepReturnsTheDeadlineOfASleeperThatIsThereAlready() async throws {
        async let pause: Void = time.sleep(for: .seconds(3))
        let start = time.now
        let deadline = try await time.nextSleep()
        #expect(start.duration(to: deadline) == .seconds(3))
        time.advance(to: deadline)
        try await pause
    }

    @Test func nextSleepWaitsForSomebodyToSleep() async throws {
        async let deadline = time.nextSleep()
        async let pause: Void = time.sleep(for: .seconds(3))
        time.advance(to: try await deadline)
        try await pause
    }

    @Test func everySleepIsReportedOnceInTheOrderOfFallingAsleep() throws {
        let executor = ManualTaskExecutor()
        let reported = Journal<Duration>()
        let start = time.now
        for seconds in [9, 4] { executor.spawn { [time] in try await time.sleep(for: .seconds(seconds)) } }
        executor.spawn { [time] in
            for _ in 0..<3 { reported.record(start.duration(to: try await time.nextSleep())) }
        }
        executor.runUntilIdle()
        #expect(reported.elements == [.seconds(9), .seconds(4)])
        executor.spawn { [time] in try await time.sleep(for: .seconds(6)) }
        executor.runUntilIdle()
        #expect(reported.elements == [.seconds(9), .seconds(4), .seconds(6)])
        time.advance(by: .seconds(9))
        executor.runUntilIdle()
    }

    @Test func advancingWakesExactlyTheDueSleepersInTheOrderOfTheirDeadlines() {
        let executor = ManualTaskExecutor()
        let woken = Journal<Int>()
        for seconds in [5, 2, 9, 3, 2] {
            executor.spawn { [time] in
                try await time.sleep(for: .seconds(seconds))
                woken.record(seconds)
            }
        }
        executor.runUntilIdle()
        time.advance(by: .seconds(5))
        executor.runUntilIdle()
        #expect(woken.elements == [2, 2, 3, 5])
        #expect(time.deadlines == [time.now.advanced(by: .seconds(4))])
        time.advance(by: .seconds(4))
        executor.runUntilIdle()
        #expect(woken.elements == [2, 2, 3, 5, 9])
    }

    @Test func aCancelledSleeperThrowsAndIsGone() async throws {
        let sleeper = Task { [time] in try await time.sleep(for: .seconds(1)) }
        try await time.nextSleep()
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(time.deadlines.isEmpty)
    }

    @Test func aTaskThatIsCancelledAlreadyDoesNotSleep() {
        let executor = ManualTaskExecutor()
        let errors = Journal<any Error>()
        let sleeper = executor.spawn { [time] in
            do { try await time.sleep(for: .seconds(1)) } catch { errors.record(error) }
        }
        sleeper.cancel()
        executor.runUntilIdle()
        #expect(errors.elements.first is CancellationError)
    }

    @Test func aCancelledNextSleepThrowsAndLeavesTheReportToTheNextCaller() async throws {
        let observer = Task { [time] in try await time.nextSleep() }
        observer.cancel()
        await #expect(throws: CancellationError.self) { try await observer.value }
        async let pause: Void = time.sleep(for: .seconds(1))
        time.advance(to: try await time.nextSleep())
        try await pause
    }

    @Test func wallTimeFollowsTheClock() {
        #expect(time.wallTime(at: time.now).description == "2026-01-01T00:00:00.000Z")
        time.advance(by: .milliseconds(1500))
        #expect(time.wallTime(at: time.now).description == "2026-01-01T00:00:01.500Z")
    }
}
