import HarnessKit
import Testing

@testable import HarnessTargets

/// What the targets of all patterns have in common.
@Suite(.timeLimit(.minutes(2))) struct PatternTargetTests {
    /// A target with options under which everything that it promises is put to the test.
    struct Case: Sendable, CustomTestStringConvertible {
        var use: String
        var run: PatternRun

        var testDescription: String { use }

        init(_ use: String, _ change: (inout PatternRun) -> Void) {
            self.use = use
            run = PatternRun()
            change(&run)
        }
    }

    static let cases = [
        Case("pattern.circuit-breaker") {
            $0.options = #"{ "failureSignal": "failure", "threshold": 3, "windowSize": "100ms" }"#
        },
        Case("pattern.backpressure") {
            $0.options = #"{ "maxConcurrency": 4, "maxTrackedOperations": 50 }"#
            $0.timeline = #"[{ "at": "300ms", "for": "200ms", "do": { "signal": "backpressure.disk" } }]"#
        },
        Case("pattern.controlled-fan-out") {
            $0.options = #"{ "maxGlobalConcurrency": 4, "perKeyConcurrency": 2, "maxTrackedOperations": 50 }"#
        },
        Case("pattern.adaptive-rate") {
            $0.options = #"{ "maxConcurrency": 4, "maxTrackedOperations": 50, "retryAfter": "50ms" }"#
            $0.errors = ["rate-limit": "2%"]
        },
        Case("pattern.dynamic-concurrency") {
            $0.options = #"{ "minConcurrency": 1, "maxConcurrency": 4, "maxTrackedOperations": 50 }"#
            $0.timeline = #"[{ "at": "100ms", "every": "200ms", "times": 3, "do": { "signal": "load.high" } }]"#
        },
        Case("pattern.keyed-priority-fan-out") {
            $0.options = #"{ "maxConcurrency": 4, "maxTrackedOperations": 50 }"#
            $0.lanes = #"{ "priority": "30%", "normal": "70%" }"#
            $0.rate = "500/s"
        },
        Case("pattern.reactive-fan-out") {
            $0.options =
                #"{ "reliefThreshold": 2, "backpressureThreshold": 8, "adjustCooldown": "50ms", "preStageTime": "1ms" }"#
        },
        Case("pattern.anomaly-detector") {
            $0.options = #"{ "pattern": "error.*", "threshold": 3, "window": "100ms" }"#
        },
        Case("pattern.coordinated-reads") { $0.lanes = #"{ "read": "95%", "update": "5%" }"# },
        Case("pattern.signaling-http") {
            $0.options = #"{ "maxConcurrency": 4, "maxTrackedOperations": 50, "length": "mixed" }"#
            $0.errors = ["status:500": "5%", "truncated": "5%", "reset": "5%"]
        },
        Case("pattern.log-watcher") {
            $0.options = #"{ "maxCapacity": 4, "maxQueueSize": 20 }"#
            $0.work = #""2ms""#
        },
        Case("pattern.telemetry") {
            $0.options = #"{ "maxConcurrency": 2, "maxQueueSize": 10 }"#
            $0.lanes = #"["event", "error", "perf"]"#
        },
        Case("pattern.long-window") { $0.options = #"{ "windowSize": 20, "maxConcurrency": 4 }"# },
        Case("pattern.reaction-showcase") { $0.options = #"{ "itemCount": 3 }"# },
    ]

    @Test func everyPatternIsAmongThem() {
        #expect(Self.cases.map(\.use) == BuiltInTargets.patterns.map { $0.id })
    }

    @Test(arguments: cases) func aShortRunKeepsItsPromises(_ pattern: Case) async throws {
        let outcome = try await pattern.run.run(pattern.use)
        #expect(outcome.violations == [])
        let tally = outcome.run.tally
        #expect(tally.offered > 100)
        #expect(tally.completed > 0 && tally.failed > 0)
        #expect(tally.accepted == tally.completed + tally.failed + tally.cancelled + tally.discarded)
        // Bounds whose option has another name are left to scenarios.
        let unnamed = pattern.use == "pattern.reactive-fan-out" ? ["concurrency-bound"] : []
        #expect(outcome.unknown == unnamed)
    }

    @Test(arguments: cases) func theSameSeedGivesTheSameHistory(_ pattern: Case) async throws {
        let first = try await pattern.run.run(pattern.use)
        let second = try await pattern.run.run(pattern.use)
        #expect(first.run.historyDigest != nil)
        #expect(first.run.historyDigest == second.run.historyDigest)
    }

    @Test(arguments: BuiltInTargets.patterns.map { Peer(type: $0) }) func theDefaultsMakeATarget(_ pattern: Peer)
        async throws
    {
        let probe = BodyProbe()
        let instance = try await pattern.make(options: "{}", probe: probe)
        #expect(try await instance.feed(20, intake: .push) == 20)
        try await instance.drain()
        #expect(probe.seen.started == Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, 1) }))
        #expect(instance.accounting() == .of(enqueued: 20, completed: 20))
        await instance.shutdown()
    }

    @Test(arguments: BuiltInTargets.patterns.map { Peer(type: $0) }) func everyOptionIsDescribed(_ pattern: Peer) {
        let names = pattern.type.optionNames
        #expect(!names.isEmpty)
        #expect(names == Set(pattern.type.optionDescriptions.keys))
    }

    @Test(arguments: [
        ("pattern.circuit-breaker", #"{ "threshold": 0 }"#, "threshold"),
        ("pattern.circuit-breaker", #"{ "windowSize": "0s" }"#, "windowSize"),
        ("pattern.circuit-breaker", #"{ "failureSignal": " " }"#, "failureSignal"),
        ("pattern.backpressure", #"{ "maxConcurrency": 0 }"#, "maxConcurrency"),
        ("pattern.backpressure", #"{ "queueCapacity": 0 }"#, "queueCapacity"),
        ("pattern.controlled-fan-out", #"{ "maxGlobalConcurrency": 0 }"#, "maxGlobalConcurrency"),
        ("pattern.adaptive-rate", #"{ "maxConcurrency": 0 }"#, "maxConcurrency"),
        ("pattern.adaptive-rate", #"{ "retryAfter": "0s" }"#, "retryAfter"),
        ("pattern.dynamic-concurrency", #"{ "minConcurrency": 0 }"#, "minConcurrency"),
        ("pattern.dynamic-concurrency", #"{ "minConcurrency": 4, "maxConcurrency": 3 }"#, "maxConcurrency"),
        ("pattern.dynamic-concurrency", #"{ "scaleUpPattern": "" }"#, "scaleUpPattern"),
        ("pattern.keyed-priority-fan-out", #"{ "maxConcurrency": 0 }"#, "maxConcurrency"),
        ("pattern.reactive-fan-out", #"{ "stage1MinConcurrency": 9 }"#, "stage1MinConcurrency"),
        ("pattern.reactive-fan-out", #"{ "stage2MaxConcurrency": 0 }"#, "stage2MaxConcurrency"),
        ("pattern.reactive-fan-out", #"{ "reliefThreshold": 32 }"#, "reliefThreshold"),
        ("pattern.reactive-fan-out", #"{ "queueCapacity": 31 }"#, "queueCapacity"),
        ("pattern.reactive-fan-out", #"{ "backpressureThreshold": 5000 }"#, "backpressureThreshold"),
        ("pattern.anomaly-detector", #"{ "threshold": 0 }"#, "threshold"),
        ("pattern.anomaly-detector", #"{ "window": "0s" }"#, "window"),
        ("pattern.anomaly-detector", #"{ "pattern": [] }"#, "pattern"),
        ("pattern.coordinated-reads", #"{ "queueCapacity": 0 }"#, "queueCapacity"),
        ("pattern.signaling-http", #"{ "chunks": 0 }"#, "chunks"),
        ("pattern.signaling-http", #"{ "bytes": -1 }"#, "bytes"),
        ("pattern.log-watcher", #"{ "maxQueueSize": 0 }"#, "maxQueueSize"),
        ("pattern.log-watcher", #"{ "pattern": "  " }"#, "pattern"),
        ("pattern.telemetry", #"{ "maxConcurrency": 0 }"#, "maxConcurrency"),
        ("pattern.long-window", #"{ "windowSize": -1 }"#, "windowSize"),
        ("pattern.reaction-showcase", #"{ "itemCount": 0 }"#, "itemCount"),
    ])
    func optionsOutOfRangeAreRefusedByTheirNames(use: String, options: String, name: String) throws {
        let plugin = try #require(BuiltInTargets.patterns.first { $0.id == use })
        let error = #expect(throws: PluginOptionError.self) { try Peer(type: plugin).validate(options: options) }
        #expect(error?.option == name)
    }
}

extension Target {
    /// The names of all options, as schemas know them.
    fileprivate static var optionNames: Set<String> { Set(OptionShapes.shape(of: self).fields.map(\.name)) }
}
