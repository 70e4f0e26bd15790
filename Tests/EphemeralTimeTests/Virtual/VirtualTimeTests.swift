import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct VirtualTimeTests {
    @Test func hoursPassWithoutWaiting() async throws {
        let time = VirtualTime()
        let start = time.now
        try await time.run { try await time.sleep(for: .seconds(36_000)) }
        #expect(start.duration(to: time.now) == .seconds(36_000))
        #expect(time.report.elapsed == .seconds(36_000))
    }

    @Test func theResultOfTheBodyIsReturned() async throws {
        let text = try await VirtualTime().run { "result" }
        #expect(text == "result")
    }

    @Test func theErrorOfTheBodyIsThrown() async throws {
        await #expect(throws: Unhappy.self) {
            try await VirtualTime().run { throw Unhappy() }
        }
    }

    @Test(arguments: [0, 1, 7, 4711] as [UInt64])
    func oneSeedGivesOneSchedule(_ seed: UInt64) async throws {
        let first = try await interleaving(seed: seed)
        let second = try await interleaving(seed: seed)
        #expect(first.order == second.order)
        #expect(first.report == second.report)
    }

    @Test func seedsGiveDifferentSchedules() async throws {
        var orders: Set<[Int]> = []
        var digests: Set<UInt64> = []
        for seed in 0..<20 {
            let result = try await interleaving(seed: UInt64(seed))
            orders.insert(result.order)
            digests.insert(result.report.scheduleDigest)
            #expect(result.order.sorted() == Array(0..<60).map { $0 / 3 })
        }
        #expect(orders.count == 20)
        #expect(digests.count == 20)
    }

    @Test func sleepersWakeInTheOrderOfTheirDeadlines() async throws {
        let time = VirtualTime(seed: 3)
        let order = try await time.run {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in [5, 1, 4, 2, 3] {
                    group.addTask {
                        try await time.sleep(for: .milliseconds(number))
                        return number
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(order == [1, 2, 3, 4, 5])
    }

    @Test func sleepersWithOneDeadlineWakeInAnOrderOfTheSeed() async throws {
        var orders: Set<[Int]> = []
        for seed in 0..<40 {
            let time = VirtualTime(seed: UInt64(seed))
            orders.insert(
                try await time.run {
                    await withTaskGroup(of: Int.self) { group in
                        for number in 0..<3 {
                            group.addTask {
                                try? await time.sleep(for: .seconds(1))
                                return number
                            }
                        }
                        return await group.reduce(into: []) { $0.append($1) }
                    }
                }
            )
        }
        #expect(orders.count == 6)
    }

    @Test func theClockStandsStillWhileSomethingIsReady() async throws {
        let time = VirtualTime(seed: 1)
        try await time.run {
            async let pause: Void = time.sleep(for: .nanoseconds(1))
            let start = time.now
            for _ in 0..<1000 {
                await Task.yield()
                #expect(time.now == start)
            }
            try await pause
            #expect(start.duration(to: time.now) == .nanoseconds(1))
        }
    }

    @Test func aCancelledSleeperThrowsAtOnce() async throws {
        let time = VirtualTime()
        try await time.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await time.sleep(for: .seconds(3600)) }
                try await time.sleep(for: .seconds(1))
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
        #expect(time.report.elapsed == .seconds(1))
        #expect(time.report.sleeperCount == 0)
    }

    @Test func aSleepOfACancelledTaskThrows() async throws {
        let time = VirtualTime()
        try await time.run {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            await #expect(throws: CancellationError.self) { try await time.sleep(for: .seconds(1)) }
        }
        #expect(time.report.elapsed == .zero)
    }

    @Test func aDeadlineThatHasPassedDoesNotMoveTheClock() async throws {
        let time = VirtualTime()
        let start = time.now
        try await time.run { try await time.sleep(until: start.advanced(by: .seconds(-5))) }
        #expect(time.now == start)
    }

    @Test func nobodyWakesBeforeADeadlineWithPartsOfANanosecond() async throws {
        let time = VirtualTime()
        let deadline = time.now.advanced(by: .seconds(1) / 3)
        try await time.run { try await time.sleep(until: deadline) }
        #expect(time.now >= deadline)
        #expect(deadline.duration(to: time.now) < .nanoseconds(1))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func sleepersWakeAtTheirDeadlinesWhoeverIsCancelled(_ seed: UInt64) async throws {
        let time = VirtualTime(seed: seed)
        let start = time.now
        let woken = Journal<Duration>()
        let cancelled = Journal<Int>()
        try await time.run {
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    let deadline = Duration.milliseconds(1 + number * 7919 % 1000)
                    group.addTask {
                        let sleeper = Task(executorPreference: time) { try await time.sleep(for: deadline) }
                        if number.isMultiple(of: 2) {
                            try? await time.sleep(for: .milliseconds(number * 104_729 % 1000))
                            sleeper.cancel()
                        }
                        guard case .success = await sleeper.result else { return cancelled.record(number) }
                        woken.record(start.duration(to: time.now))
                        if !number.isMultiple(of: 2) { #expect(start.duration(to: time.now) == deadline) }
                    }
                }
            }
        }
        let instants = woken.elements
        #expect(instants == instants.sorted())
        #expect(instants.count + cancelled.count == 500)
        #expect(instants.count >= 250)
        #expect(cancelled.count > 50)
        #expect(time.report.sleeperCount == 0)
    }

    @Test func actorsStayInside() async throws {
        let time = VirtualTime(seed: 5)
        let counter = Counter()
        let count = try await time.run {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask { await counter.increment(after: .milliseconds(1), in: time) }
                }
            }
            return await counter.count
        }
        #expect(count == 100)
        #expect(time.report.escapeCount == 0)
    }

    @Test func theWallClockRunsWithTheVirtualOne() async throws {
        let time = VirtualTime(wallTime: WallTime(sinceUnixEpoch: .seconds(1000)))
        try await time.run { try await time.sleep(for: .seconds(86_400)) }
        #expect(time.wallTime(at: time.now) == WallTime(sinceUnixEpoch: .seconds(87_400)))
    }

    @Test func aLaterRunGoesOnWhereTheEarlierOneEnded() async throws {
        let time = VirtualTime()
        let alarm = Task(executorPreference: time) {
            try await time.sleep(for: .seconds(5))
            return time.now
        }
        let start = time.now
        try await time.run { try await time.sleep(for: .seconds(2)) }
        #expect(time.report.sleeperCount == 1)
        try await time.run { try await time.sleep(for: .seconds(4)) }
        let rang = try await alarm.value
        #expect(start.duration(to: rang) == .seconds(5))
        #expect(start.duration(to: time.now) == .seconds(6))
    }

    @Test func whatIsReadyWhenTheBodyEndsIsRun() async throws {
        let time = VirtualTime(seed: 2)
        let done = Journal<Int>()
        try await time.run {
            for number in 0..<10 {
                Task(executorPreference: time) {
                    await Task.yield()
                    done.record(number)
                }
            }
        }
        #expect(done.elements.sorted() == Array(0..<10))
        #expect(time.report.readyCount == 0)
    }

    @Test func cancellingTheCallerCancelsTheBody() async throws {
        let time = VirtualTime()
        let caller = Task {
            try await time.run {
                try await time.sleep(until: ContinuousClock().systemEpoch.advanced(by: .seconds(Int64.max)))
            }
        }
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
    }

    @Test func theBodyHasTheTaskLocalValuesOfTheCaller() async throws {
        let value = try await Local.$value.withValue(42) { try await VirtualTime().run { Local.value } }
        #expect(value == 42)
    }

    @Test func aTraceTellsTheLatestSteps() async throws {
        let time = VirtualTime(traceLength: 3)
        try await time.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await time.sleep(for: .seconds(1)) }
            }
        }
        let report = time.report
        #expect(report.trace.map(\.number) == [report.steps - 2, report.steps - 1, report.steps])
        #expect(report.trace.last?.elapsed == .seconds(1))
        #expect(report.trace.map(\.job) == ["task 2", "task 2", "task 1"])
    }

    @Test func aTraceTellsWhoMadeATaskReady() async throws {
        let time = VirtualTime(traceLength: 100)
        try await time.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask(name: "parent") {
                    async let child: Void = Task.yield(); await child
                }
            }
        }
        #expect(time.report.trace.contains { $0.cause == "task 'parent'" && $0.number > 1 })
    }

    @Test func withoutTracingNoStepIsTold() async throws {
        let time = VirtualTime()
        try await time.run { await Task.yield() }
        #expect(time.report.steps > 0)
        #expect(time.report.trace.isEmpty)
    }

    /// Twenty tasks that note their number three times, with other tasks between.
    private func interleaving(seed: UInt64) async throws -> (order: [Int], report: VirtualRunReport) {
        let time = VirtualTime(seed: seed)
        let order = Journal<Int>()
        try await time.run {
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        for pause in 0..<3 {
                            order.record(number)
                            try? await time.sleep(for: .milliseconds(pause))
                        }
                    }
                }
            }
        }
        return (order.elements, time.report)
    }
}

private struct Unhappy: Error {}

private enum Local {
    @TaskLocal static var value = 0
}

private actor Counter {
    private(set) var count = 0

    func increment(after pause: Duration, in time: VirtualTime) async {
        try? await time.sleep(for: pause)
        count += 1
    }
}
