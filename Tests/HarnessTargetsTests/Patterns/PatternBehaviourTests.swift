import HarnessKit
import Testing

@testable import HarnessTargets

/// What single targets do with signals, errors and lanes of a scenario.
@Suite(.timeLimit(.minutes(2))) struct PatternBehaviourTests {
    @Test func anOpenBreakerRefusesWithoutMakingTheCall() async throws {
        let probe = BodyProbe { _, _ in throw ScriptedError(name: "down") }
        let instance = try await Peer(type: CircuitBreakerTarget.self).make(options: #"{"threshold": 3}"#, probe: probe)
        #expect(try await instance.feed(10, intake: .push) == 3)
        #expect(probe.seen.order == [0, 1, 2])
        #expect(instance.accounting() == .of(enqueued: 3, failed: 3))
        await instance.shutdown()
    }

    @Test(arguments: [["pattern.circuit-breaker", "atom.retry"], ["atom.retry", "pattern.circuit-breaker"]])
    func theBreakerIsAStageInFrontOfRetriesAndBehindThem(stages: [String]) async throws {
        let list = stages.map { use in
            let options =
                use == "atom.retry" ? #"{ "maxAttempts": 3 }"# : #"{ "threshold": 3, "windowSize": "100ms" }"#
            return #"{ "use": "\#(use)", "options": \#(options) }"#
        }
        var run = PatternRun(options: #"{ "stages": [\#(list.joined(separator: ", "))] }"#)
        run.errors = ["down": "60%"]
        let outcome = try await run.run("pipeline")
        #expect(outcome.violations == [])
        #expect(outcome.raised("failure") >= 3)
        #expect(outcome.run.tally.completed > 0)
        // In front of retries the breaker turns operations away; behind them each refusal is an attempt that failed.
        #expect((outcome.run.tally.refused > 0) == (stages[0] == "pattern.circuit-breaker"))
    }

    @Test func failuresThatTheTimelineRaisesOpenTheBreakerToo() async throws {
        let probe = BodyProbe()
        let instance = try await Peer(type: CircuitBreakerTarget.self).make(options: #"{"threshold": 2}"#, probe: probe)
        for _ in 0..<2 { instance.signals?.raise("failure") }
        #expect(instance.trySubmit(Operation(index: 0)) == .refused)
        await instance.shutdown()
    }

    @Test func aScriptedErrorNamedAsALimitHoldsEverythingBack() async throws {
        var run = PatternRun(options: #"{ "rateLimitError": "too-many", "retryAfter": "70ms" }"#)
        run.errors = ["too-many": "3%", "transient": "3%"]
        let outcome = try await run.run("pattern.adaptive-rate")
        #expect(outcome.violations == [])
        #expect(outcome.raised("rate-limit:70ms") > 0)
        #expect(outcome.raised("rate-limit") == outcome.raised("rate-limit:70ms"))
    }

    @Test func urgentOperationsBeyondTheirDepthAreRefused() async throws {
        let probe = BodyProbe()
        let fanOut = Peer(type: KeyedPriorityFanOutTarget.self)
        let instance = try await fanOut.make(
            options: #"{"maxPriorityDepth": 2}"#,
            probe: probe,
            lanes: ["normal", "priority"]
        )
        try instance.apply(.pause)
        var accepted: [Bool] = []
        for index in 0..<4 {
            let operation = Operation(index: index, key: index, lane: 1)
            accepted.append(try await instance.submit(operation) == .accepted)
        }
        #expect(accepted == [true, true, false, false])
        #expect(instance.trySubmit(Operation(index: 4)) == .accepted)
        try instance.apply(.resume)
        try await instance.drain()
        #expect(probe.seen.started.count == 3)
        await instance.shutdown()
    }

    @Test func aLaggingSecondStageThrottlesAndIsRelievedWithoutArrivals() async throws {
        var run = PatternRun(rate: "500/s")
        run.options =
            #"{ "backpressureThreshold": 8, "reliefThreshold": 2, "adjustCooldown": "30ms", "stage2MaxConcurrency": 1 }"#
        run.errors = [:]
        run.work = #""2500us""#
        let outcome = try await run.run("pattern.reactive-fan-out")
        #expect(outcome.violations == [])
        #expect(outcome.raised("stage2.backpressure") > 0)
        #expect(outcome.raised("stage2.relieved") == outcome.raised("stage2.backpressure"))
    }

    @Test func whatIsCancelledInTheFirstStageIsToldToTheRun() async throws {
        let probe = BodyProbe()
        let instance = try await Peer(type: ReactiveFanOutTarget.self).make(
            options: #"{"preStageTime": "1h", "stage1MaxConcurrency": 2}"#,
            probe: probe
        )
        try await instance.feed(5, intake: .push)
        try instance.apply(.cancel)
        try await instance.drain()
        #expect(probe.seen.discarded == Set(0..<5))
        #expect(instance.accounting() == .of(enqueued: 5, cancelled: 5))
        await instance.shutdown()
    }

    @Test func failuresAreSignalsOfTheDetector() async throws {
        var run = PatternRun(options: #"{ "pattern": ["call.*.failed"], "threshold": 2, "window": "50ms" }"#)
        run.errors = ["timeout": "20%"]
        let outcome = try await run.run("pattern.anomaly-detector")
        #expect(outcome.violations == [])
        #expect(outcome.raised("call.timeout.failed") == outcome.run.tally.failed)
        #expect(outcome.raised("anomaly.detected") - outcome.raised("anomaly.cleared") <= 1)
        #expect(outcome.raised("anomaly.detected") > 0)
    }

    @Test func operationsOfTheUpdateLaneAreUpdates() async throws {
        let outcome = try await PatternRun(lanes: #"{ "read": "90%", "update": "10%" }"#).run(
            "pattern.coordinated-reads"
        )
        let names = outcome.run.history?.laneNames ?? []
        let updates = outcome.run.history?.events.count { $0.kind == .started && names[Int($0.lane)] == "update" }
        #expect(outcome.raised("update.done") == updates)
        #expect(outcome.raised("update.done") > 5)
    }

    @Test func whatIsCancelledInFrontOfTheGateIsToldToTheRun() async throws {
        let (started, release) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await release.wait()
        }
        let reads = Peer(type: CoordinatedReadsTarget.self)
        let instance = try await reads.make(options: "{}", probe: probe, lanes: ["read", "update"])
        #expect(instance.trySubmit(Operation(index: 0, lane: 0)) == .accepted)
        try await started.wait()
        // Waits at the gate for the read.
        #expect(instance.trySubmit(Operation(index: 1, lane: 1)) == .accepted)
        try instance.apply(.cancel)
        release.open()
        try await instance.drain()
        #expect(probe.seen.discarded == [1])
        #expect(probe.seen.order == [0])
        await instance.shutdown()
    }

    @Test(arguments: [
        ("status:503", "head", "stage.failed:503"), ("truncated", "head", "stage.failed:truncated"),
        ("truncated", "body", "stage.failed:truncated"), ("reset", "body", "stage.failed:ScriptedError"),
        ("reset", "head", "stage.failed:ScriptedError"),
    ])
    func scriptedErrorsAreFailuresOfTheirKind(error: String, place: String, signal: String) async throws {
        var run = PatternRun(options: #"{ "workAt": "\#(place)", "chunks": 4 }"#)
        run.errors = [error: "10%"]
        let outcome = try await run.run("pattern.signaling-http")
        #expect(outcome.violations == [])
        #expect(outcome.run.tally.failed > 0)
        #expect(outcome.raised(signal) == outcome.run.tally.failed)
        #expect(outcome.raised("stage.completed") == outcome.run.tally.completed)
        #expect(outcome.raised("progress:100") == outcome.run.tally.completed)
    }

    @Test func downloadsOfUnknownLengthHaveNoPercentages() async throws {
        let outcome = try await PatternRun(options: #"{ "length": "unknown" }"#).run("pattern.signaling-http")
        #expect(outcome.raised("progress:0") == outcome.run.tally.accepted)
        #expect(outcome.raised("progress:") == outcome.raised("progress:0") + outcome.raised("progress:100"))
    }

    @Test func signalsThatFindNoRoomAreDroppedAndTold() async throws {
        var run = PatternRun(options: #"{ "maxQueueSize": 1 }"#)
        run.work = #""20ms""#
        run.errors = [:]
        for use in ["pattern.log-watcher"] {
            let outcome = try await run.run(use)
            #expect(outcome.violations == [])
            #expect(outcome.run.tally.discarded > 10)
            #expect(outcome.run.tally.completed + outcome.run.tally.discarded == outcome.run.tally.accepted)
        }
    }

    @Test func errorsOfTheLogAreSignals() async throws {
        let outcome = try await PatternRun(work: #""1ms""#).run("pattern.log-watcher")
        #expect(outcome.raised("watcher.error:ScriptedError") == outcome.run.tally.failed)
    }

    @Test func signalsOfTheTimelineHaveNoBody() async throws {
        var run = PatternRun(work: #""1ms""#)
        run.timeline = #"[{ "at": "500ms", "do": { "signal": "error.outside" } }]"#
        let finished = try await run.run("pattern.log-watcher").run
        #expect(finished.tally.accepted == finished.tally.completed + finished.tally.failed)
    }

    @Test func onlyErrorsAndMeasurementsGetASecondCall() async throws {
        let outcome = try await PatternRun(lanes: #"["event", "error", "perf"]"#).run("pattern.telemetry")
        #expect(outcome.violations == [])
        let delivered = outcome.run.history?.events.filter { $0.kind == .delivered } ?? []
        #expect(!delivered.isEmpty)
        #expect(delivered.allSatisfy { $0.operation % 3 != 0 })
    }

    @Test func aShowcaseWhoseBodyFailsHasNoResult() async throws {
        let probe = BodyProbe { operation, _ in
            if operation.index == 1 { throw ScriptedError(name: "transient") }
        }
        let instance = try await Peer(type: ReactionShowcaseTarget.self).make(options: "{}", probe: probe)
        try await instance.feed(3, intake: .push)
        #expect(probe.seen.delivered == [0: [0], 1: [nil], 2: [2]])
        await instance.shutdown()
    }
}
