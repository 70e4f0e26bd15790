import EphemeralTime
import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct PipelineTargetTests {
    private static func scenario(_ stages: String) -> VirtualScenario {
        VirtualScenario(targets: #"{ "id": "a", "use": "pipeline", "options": { "stages": [\#(stages)] } }"#)
    }

    private static let retry = """
        { "use": "atom.retry", "options": { "maxAttempts": 3, "backoff": { "kind": "constant", "base": "10ms" } } }
        """
    private static let work = #"{ "use": "coordinator.work", "options": { "maxConcurrency": 2 } }"#
    private static let refusing = #"{ "use": "atom.signal-aware", "options": { "cancelOn": "open" } }"#
    private static let allFail = #"[{ "id": "f", "rate": "100%", "error": "transient" }]"#

    @Test func aRetryBehindAPoolIsOneOperationOfThePool() async throws {
        var scenario = Self.scenario("\(Self.work), \(Self.retry)")
        scenario.faults = Self.allFail
        let run = try await scenario.soundRun()
        #expect(run.tally.started == 300 && run.tally.failed == 100)
        #expect(run.accounting.failed == 100)
        // Two operations at a time, each three attempts of 5 ms and two waits of 10 ms.
        #expect(run.tally.offered == 100)
        #expect(try #require(run.spans.last).end >= 1_750_000_000)
    }

    @Test func aRetryInFrontOfAPoolBringsItEveryAttempt() async throws {
        var scenario = Self.scenario("\(Self.retry), \(Self.work)")
        scenario.faults = Self.allFail
        let run = try await scenario.soundRun()
        #expect(run.tally.started == 300 && run.tally.failed == 100)
        #expect(run.highestConcurrency == 2)
    }

    private static let breaker = #"{ "use": "pattern.circuit-breaker", "options": { "threshold": 5 } }"#
    private static let twenty = """
        { "model": "closed", "producers": 1, "phases": [{ "name": "main", "operations": 20, "limit": "20s" }] }
        """

    @Test func aBreakerInFrontOfARetryCountsOperations() async throws {
        var scenario = Self.scenario("\(Self.breaker), \(Self.retry)")
        (scenario.faults, scenario.load) = (Self.allFail, Self.twenty)
        let run = try await scenario.soundRun()
        #expect(run.tally.started == 15, "five operations of three attempts open it")
        #expect(run.tally.failed == 5 && run.tally.refused == 15)
    }

    @Test func aBreakerBehindARetryCountsAttempts() async throws {
        var scenario = Self.scenario("\(Self.retry), \(Self.breaker)")
        (scenario.faults, scenario.load) = (Self.allFail, Self.twenty)
        let run = try await scenario.soundRun()
        #expect(run.tally.failed == 20 && run.tally.refused == 0)
        let events = try #require(run.history).events
        #expect(events.count { $0.kind == .started } == 5, "what an open breaker turns away never starts")
    }

    @Test func whatAStageRefusesFailsTheAttemptInFrontOfIt() async throws {
        var scenario = Self.scenario("\(Self.retry), \(Self.refusing)")
        scenario.timeline = #"[{ "at": "495ms", "for": "300ms", "do": { "signal": "open" } }]"#
        let run = try await scenario.soundRun()
        #expect(run.tally.refused == 0)
        #expect((20...30).contains(run.tally.failed), "those whose three attempts all were turned away")
        #expect(run.tally.completed == 100 - run.tally.failed)
    }

    @Test func whatTheFirstStageRefusesIsRefused() async throws {
        var scenario = Self.scenario("\(Self.refusing), \(Self.retry)")
        scenario.timeline = #"[{ "at": "495ms", "for": "300ms", "do": { "signal": "open" } }]"#
        let run = try await scenario.soundRun()
        #expect(run.tally.refused == 30 && run.tally.completed == 70)
    }

    @Test func aGroupInFrontOfARetryIsSeenByTheFaultsOfItsMembers() async throws {
        var scenario = Self.scenario(
            #"{ "use": "atom.priority-processor", "options": { "maxConcurrency": 1 } }, \#(Self.retry)"#
        )
        scenario.faults = #"[{ "id": "f", "part": 1, "rate": "100%", "error": "down" }]"#
        let run = try await scenario.soundRun()
        #expect(run.signals("failover.requested:pri1") == 1)
        #expect(run.tally.failed == 3 && run.tally.completed == 97)
    }

    @Test func pipelinesNest() async throws {
        let inner = #"{ "use": "pipeline", "options": { "stages": [\#(Self.retry), \#(Self.work)] } }"#
        var scenario = Self.scenario("\(Self.work), \(inner)")
        scenario.faults = #"[{ "id": "f", "rate": "30%", "error": "transient" }]"#
        let run = try await scenario.soundRun()
        #expect(run.tally.completed + run.tally.failed == 100)
    }

    @Test func drainingAPipelineRefusesWhatComesAndFinishesWhatIsIn() async throws {
        var scenario = Self.scenario("\(Self.work), \(Self.retry)")
        scenario.timeline = #"[{ "at": "500ms", "do": { "drain": true } }]"#
        let run = try await scenario.soundRun()
        #expect(run.tally.refused > 40 && run.tally.completed + run.tally.refused == 100)
    }

    @Test func shutdownEndsAllStages() async throws {
        let (started, never) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await never.wait()
        }
        var environment = TargetEnvironment(
            body: OperationBody { try await probe.run($0) },
            time: SystemTimeSource(),
            executor: nil,
            observer: TargetObserver(discard: { probe.discard($0) })
        )
        environment.registry = try PluginRegistry(targets: BuiltInTargets.all)
        let stage = PipelineTarget.Stage(use: "coordinator.work", options: ["maxConcurrency": .integer(2)])
        let instance = try await PipelineTarget.make(
            options: PipelineTarget.Options(stages: [stage, stage]),
            environment: environment
        )
        try await instance.feed(6, intake: .push)
        try await started.wait()
        await instance.shutdown()
        #expect(probe.seen.active == 0)
        // What waits in front is dropped, or fails because the stage behind it takes nothing more.
        #expect(probe.seen.discarded.isSubset(of: [2, 3, 4, 5]))
        let accounting = instance.accounting()
        #expect(accounting.pending == 0 && accounting.active == 0)
        #expect((accounting.failed ?? 0) + (accounting.cancelled ?? 0) == 6)
    }

    @Test(
        arguments: [
            (
                #"{ "use": "atom.retri" }"#, "/stages/0/use",
                #"unknown target plugin "atom.retri"; did you mean "atom.retry"?"#
            ),
            (
                #"{ "use": "coordinator.for-each" }"#, "/stages/0/use",
                "'coordinator.for-each' cannot be a stage: it pulls its operations from a source"
            ),
            (
                #"{ "use": "signals.dispatcher" }"#, "/stages/0/use",
                "'signals.dispatcher' cannot be a stage: it does not tell when an operation has ended"
            ),
            (
                #"{ "use": "coordinator.work" }, { "use": "atom.retry", "options": { "maxAttempts": 0 } }"#,
                "/stages/1/options/maxAttempts", "is 0; give 1 or more"
            ),
            (
                #"{ "use": "atom.retry", "options": { "maxAtempts": 3 } }"#, "/stages/0/options/maxAtempts",
                #"did you mean "maxAttempts"?"#
            ),
            ("", "/stages", "the list is empty; give at least one stage"),
        ]
    )
    func aWrongStageIsNamedAtItsPlace(stages: String, pointer: String, message: String) throws {
        let problems = try Self.scenario(stages).read().problems
        #expect(problems.map(\.pointer) == ["/targets/0/options\(pointer)"])
        #expect(problems.first?.message.contains(message) == true, "\(problems)")
    }
}
