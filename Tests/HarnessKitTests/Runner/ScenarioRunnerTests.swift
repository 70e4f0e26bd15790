import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ScenarioRunnerTests {
    static let everyTaker = ["fake.eager", "fake.inline", "fake.pulling"]

    @Test(arguments: everyTaker, RecordingLevel.allCases)
    func openLoadOffersEveryPlannedArrivalOnce(target: String, level: RecordingLevel) async throws {
        var scenario = Scenario.open(target: target, rate: 2000, for: .milliseconds(100))
        scenario.record = level
        let run = try await scenario.runOnce()
        #expect(run.validity.verdict == .pass, "\(run.validity.reasons)")
        #expect(run.total["offered"]?.value == 200)
        #expect(run.total["completed"]?.value == 200)
        #expect(run.total["lost"]?.value == 0)
        #expect(run.total["unfinished"]?.value == 0)
    }

    @Test(arguments: everyTaker, RecordingLevel.allCases)
    func closedLoadEndsAfterItsOperations(target: String, level: RecordingLevel) async throws {
        var scenario = Scenario.closed(target: target, producers: 4, awaiting: .finished, operations: 500)
        scenario.record = level
        let run = try await scenario.runOnce()
        #expect(run.validity.verdict == .pass, "\(run.validity.reasons)")
        #expect(run.total["offered"]?.value == 500)
        #expect(run.total["completed"]?.value == 500)
    }

    @Test(arguments: everyTaker, RecordingLevel.allCases)
    func saturatingLoadEndsAfterItsOperations(target: String, level: RecordingLevel) async throws {
        var scenario = Scenario.closed(target: target, producers: 2, awaiting: .accepted, operations: 1000)
        scenario.record = level
        let run = try await scenario.runOnce()
        #expect(run.validity.verdict == .pass, "\(run.validity.reasons)")
        #expect(run.tally.offered == 1000)
        #expect(run.tally.completed == 1000)
    }

    @Test
    func closedLoadKeepsOneOperationPerProducerInFlight() async throws {
        var scenario = Scenario.closed(target: "fake.eager", producers: 3, awaiting: .finished, operations: 60)
        scenario.work = Work(time: .constant(.milliseconds(1)), kind: .suspend)
        let run = try await scenario.runOnce()
        #expect(run.highestConcurrency == 3)
        #expect(run.total["completed"]?.value == 60)
    }

    @Test
    func phasesOfOperationsFollowEachOther() async throws {
        var scenario = Scenario.closed(target: "fake.eager", producers: 2, awaiting: .accepted, operations: 300)
        scenario.load.phases.insert(
            Phase(name: "warm", end: .operations(100, limit: .seconds(20)), measure: false),
            at: 0
        )
        let run = try await scenario.runOnce()
        #expect(run.spans.map(\.name) == ["warm", "main", "drain"])
        #expect(run.total["completed"]?.value == 300)
        #expect(run.phases.first?.metrics["completed"]?.value == 100)
    }

    @Test
    func refusedOperationsAreCountedAndNotWaitedFor() async throws {
        let scenario = Scenario.closed(target: "fake.refusing", producers: 2, awaiting: .finished, operations: 100)
        let run = try await scenario.runOnce()
        #expect(run.tally.refused == 50)
        #expect(run.tally.completed == 50)
    }

    @Test
    func discardedOperationsResumeTheirProducers() async throws {
        let scenario = Scenario.closed(target: "fake.discarding", producers: 2, awaiting: .finished, operations: 100)
        let run = try await scenario.runOnce()
        #expect(run.tally.discarded == 100)
        #expect(run.history?.events.filter { $0.kind == .discarded }.count == 100)
    }

    @Test
    func hangingTargetGivesAnInvalidRunInsteadOfAHang() async throws {
        var scenario = Scenario.open(target: "fake.hanging", rate: 1000, for: .milliseconds(10))
        scenario.load.phases[1].end = .empty(limit: .milliseconds(100))
        var limits = RunLimits()
        limits.drain = .milliseconds(10)
        limits.interruptedDrain = .milliseconds(10)
        limits.shutdown = .milliseconds(10)
        let run = try await scenario.runOnce(limits: limits)
        #expect(run.validity.verdict == .invalid)
        #expect(run.validity.reasons.contains { $0.contains("had not drained") })
        #expect(run.validity.blamesTarget == true)
        #expect(run.validity.reasons.contains { $0.contains("shutdown did not end") })
        #expect(run.total["unfinished"]?.value == 10)
        #expect(run.total["lost"]?.value == 0)
    }

    @Test
    func targetThatCannotBeMadeGivesAnInvalidRun() async throws {
        let scenario = Scenario.open(target: "fake.impossible", rate: 1000, for: .milliseconds(10))
        let run = try await scenario.runOnce()
        #expect(run.validity.verdict == .invalid)
        #expect(run.validity.reasons.first?.contains("option 'size': no size fits") == true)
    }

    @Test
    func interruptionBeforeTheRunsSkipsThem() async throws {
        let scenario = Scenario.open(target: "fake.eager", rate: 1000, for: .seconds(30))
        var runner = ScenarioRunner(registry: try .fakes)
        runner.interruption = Interruption()
        runner.interruption.fire()
        #expect(await runner.runs(of: scenario, plan: try Plan(scenario)).isEmpty)
    }

    @Test
    func interruptionEndsTheLoadAndKeepsWhatIsKnown() async throws {
        let scenario = Scenario.open(target: "fake.eager", rate: 1000, for: .seconds(3600))
        var runner = ScenarioRunner(registry: try .fakes)
        runner.observer = InterruptingObserver(interruption: runner.interruption)
        let runs = await runner.runs(of: scenario, plan: try Plan(scenario))
        let run = try #require(runs.first)
        #expect(run.interrupted)
        #expect(run.validity.verdict == .inconclusive)
        #expect(run.spans.count == 1)
        #expect(run.tally.accepted == run.tally.completed)
    }

    @Test
    func timelineSignalsAreRaisedRetractedAndRecorded() async throws {
        var scenario = Scenario.open(target: "fake.signalling", rate: 1000, for: .milliseconds(60))
        var event = TimelineEvent(id: "slow", at: .milliseconds(10), action: .raise("downstream.slow"))
        event.duration = .milliseconds(10)
        event.every = .milliseconds(20)
        event.times = 2
        var pause = TimelineEvent(id: "halt", at: .milliseconds(5), action: .pause)
        pause.duration = .milliseconds(1)
        scenario.timeline = [event, pause, TimelineEvent(id: "stop", at: .milliseconds(50), action: .cancel)]
        let run = try await scenario.runOnce()
        #expect(run.events.map(\.id) == ["halt", "slow", "slow", "stop"])
        #expect(run.events.allSatisfy { $0.id == "stop" || $0.end.map { end in end > 0 } == true })
        #expect(run.signalCounts["downstream.slow"] == 2)
        #expect(run.signalCounts["control.pause"] == 1)
        #expect(run.signalCounts["control.resume"] == 1)
        let history = try #require(run.history)
        #expect(history.events.filter { $0.kind == .signalRetracted }.count == 2)
        #expect(run.notes.contains { $0.contains("'stop' had no effect") })
    }

    @Test
    func theTimelineDrainsATargetThatCanBeDrained() async throws {
        var scenario = Scenario.open(target: "fake.answering", rate: 1000, for: .milliseconds(30))
        scenario.timeline = [TimelineEvent(id: "end", at: .milliseconds(10), action: .drain)]
        let run = try await scenario.runOnce()
        #expect(run.events.map(\.label) == ["drain"])
        // Once by the timeline, once by the run.
        #expect(run.signalCounts["drained"] == 2)
        scenario.targets[0].use = "fake.signalling"
        let other = try await scenario.runOnce()
        #expect(other.notes.contains { $0.contains("'end' had no effect") })
    }

    @Test
    func answersToWaitersAreRecorded() async throws {
        let scenario = Scenario.closed(target: "fake.answering", producers: 1, awaiting: .finished, operations: 6)
        let history = try #require(try await scenario.runOnce().history)
        let answers = history.events.filter { [.delivered, .misdelivered, .deliveredNothing].contains($0.kind) }
        #expect(answers.map(\.operation) == [0, 1, 2, 3, 4, 5])
        #expect(answers.map(\.kind).prefix(3) == [.delivered, .misdelivered, .deliveredNothing])
    }

    @Test(arguments: [("window-bound", true), ("conservation", false)])
    func readingsAreTakenWhenAnInvariantAsksForThem(invariant: String, taken: Bool) async throws {
        var scenario = Scenario.open(target: "fake.answering", rate: 1000, for: .milliseconds(100))
        scenario.invariants = .listed([InvariantSpec(use: invariant)])
        var limits = RunLimits()
        limits.sampleInterval = .milliseconds(1)
        let history = try #require(try await scenario.runOnce(limits: limits).history)
        #expect(history.samples.isEmpty != taken)
        #expect(history.samples.allSatisfy { $0.sample.visible == 7 && $0.begin <= $0.end })
    }

    @Test
    func operationsCarryTheLanesOfThePlan() async throws {
        var scenario = Scenario.open(target: "fake.eager", rate: 1000, for: .milliseconds(20))
        scenario.load.lanes = .inTurn(["urgent", "low"])
        let history = try #require(try await scenario.runOnce().history)
        #expect(history.laneNames == ["urgent", "low"])
        #expect(history.events.allSatisfy { Int32($0.lane) == $0.operation % 2 })
    }

    @Test
    func scriptedFailuresReachTargetAndHistory() async throws {
        var scenario = Scenario.closed(target: "fake.eager", producers: 2, awaiting: .finished, operations: 50)
        scenario.faults = [FaultRule(id: "all", scope: .operation, rate: 1, effect: .error("transient"))]
        let run = try await scenario.runOnce()
        #expect(run.tally.failed == 50)
        let history = try #require(run.history)
        let failures = history.events.filter { $0.kind == .failed }
        #expect(failures.count == 50)
        #expect(failures.allSatisfy { history.errorNames[Int($0.error)] == "transient" })
    }

    @Test
    func fullHistoryEndsTheLoadAndMakesTheRunInconclusive() async throws {
        var scenario = Scenario.closed(target: "fake.inline", producers: 1, awaiting: .accepted, operations: 1)
        scenario.load.phases = [Phase(name: "main", end: .after(.seconds(3600)))]
        var limits = RunLimits()
        limits.historyEvents = 10_000
        let run = try await scenario.runOnce(limits: limits)
        #expect(run.validity.verdict == .inconclusive)
        #expect(run.validity.reasons.contains { $0.contains("history was full") })
        #expect(run.total["lost"]?.value == 0)
    }

    @Test
    func openLoadTooLargeForAHistoryIsRecordedAsLatency() async throws {
        let scenario = Scenario.open(target: "fake.eager", rate: 1000, for: .milliseconds(100))
        var limits = RunLimits()
        limits.historyEvents = 100
        let run = try await scenario.runOnce(limits: limits)
        #expect(run.history == nil)
        #expect(run.total["response.p50"] != nil)
        #expect(run.notes.contains { $0.contains("level 'latency'") })
    }

    @Test
    func repetitionsRunEveryTargetOnFreshInstances() async throws {
        var scenario = Scenario.closed(target: "fake.eager", producers: 1, awaiting: .finished, operations: 10)
        scenario.targets.append(TargetSpec(id: "other", use: "fake.inline"))
        scenario.runs.repetitions = 2
        let runs = await ScenarioRunner(registry: try .fakes).runs(of: scenario, plan: try Plan(scenario))
        #expect(Set(runs.map { "\($0.identity.target)/\($0.identity.repetition)" }).count == 4)
        #expect(runs.allSatisfy { $0.tally.completed == 10 })
    }
}
