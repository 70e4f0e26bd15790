import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ExampleScenarioTests {
    @Test func rampWithFailuresIsReadInFull() throws {
        let reading = try Fixture.read(Examples.ramp, environment: ["RETRY_PEAK": "500/s"])
        #expect(reading.problems == [])
        #expect(reading.warnings == [])
        let scenario = try #require(reading.scenario)
        #expect(scenario.seed == 20_260_901)
        #expect(scenario.load.model == .open(arrivals: .poisson))
        #expect(
            scenario.load.phases == [
                Phase(name: "warm", end: .after(.seconds(2)), rate: .constant(50), measure: false),
                Phase(name: "ramp", end: .after(.seconds(10)), rate: .linear(from: 50, to: 500)),
                Phase(name: "hold", end: .after(.seconds(10)), rate: .constant(500)),
                Phase(name: "drain", end: .empty(limit: .seconds(5)), measure: false),
            ]
        )
        #expect(scenario.load.latenessLimit == .milliseconds(1))
        #expect(
            scenario.work
                == Work(time: .lognormal(median: .milliseconds(2), p99: .milliseconds(12)), kind: .suspend)
        )
        let delay = DurationDistribution.uniform(min: .milliseconds(20), max: .milliseconds(80))
        #expect(
            scenario.faults == [
                FaultRule(id: "transient", scope: .attempt, rate: 0.2, effect: .error("transient")),
                FaultRule(id: "permanent", scope: .operation, rate: 0.01, effect: .error("permanent")),
                FaultRule(id: "slow-tail", scope: .attempt, rate: 0.02, active: .phase("hold"), effect: .delay(delay)),
            ]
        )
        let most = InvariantSpec(use: "fake.bound", options: ["most": .integer(16)])
        #expect(scenario.invariants == .listed([InvariantSpec(use: "conservation"), most]))
        #expect(
            scenario.expectations.map(\.metric.name) == [
                "success.ratio", "attempts.perOperation.mean", "response.p99", "unfinished",
            ]
        )
        #expect(scenario.expectations[2].level == .warn)
        #expect(scenario.expectations[0].phase == "hold")
    }

    @Test func burstTimelineIsReadInFull() throws {
        let reading = try Fixture.read(Examples.burst)
        #expect(reading.problems == [])
        let scenario = try #require(reading.scenario)
        #expect(scenario.load.keys == .zipf(count: 64, exponent: 1.1))
        #expect(
            scenario.load.bursts == [
                Burst(id: "spike", at: .seconds(4), count: 1500, over: .milliseconds(250)),
                Burst(id: "plateau", at: .seconds(12), count: 1200, over: .seconds(1)),
            ]
        )
        var deferred = TimelineEvent(id: "deferred", at: .seconds(9), action: .raise("backpressure.downstream"))
        deferred.duration = .seconds(1)
        let slower = TimelineEvent.Action.setWorkTime(.constant(.milliseconds(40)))
        var slow = TimelineEvent(id: "slow", at: .seconds(8), action: slower)
        slow.duration = .seconds(1)
        var stall = TimelineEvent(id: "stall", at: .seconds(15), action: .stall)
        stall.duration = .milliseconds(400)
        var probe = TimelineEvent(id: "event-4", at: .seconds(6), action: .mark("probe"))
        probe.every = .milliseconds(500)
        probe.times = 4
        #expect(scenario.timeline == [slow, stall, deferred, probe])
        #expect(scenario.invariants == .all)
        #expect(scenario.expectations[1].after == "deferred.end")
        #expect(scenario.expectations[1].metric == .timeUntilStart(statistic: "max"))
        #expect(scenario.expectations[2].metric == .timeUntilDepth(atMost: 8))
        #expect(scenario.expectations[3].window == .seconds(1) ... .seconds(4))
    }

    @Test func comparisonUnderOutageIsReadInFull() throws {
        let reading = try Fixture.read(Examples.outage)
        #expect(reading.problems == [])
        let scenario = try #require(reading.scenario)
        #expect(scenario.targets.map(\.id) == ["queue", "peer"])
        #expect(scenario.runs.repetitions == 7)
        #expect(scenario.comparison?.baseline == "queue")
        #expect(scenario.comparison?.metrics == ["throughput", "success.ratio", "response.p99"])
        #expect(scenario.faults.first?.rate == 0.3)
        #expect(scenario.expectations.last?.versus == "peer")
        #expect(scenario.report.title == "Two shapes, one storm")
    }

    @Test func closedLoadIsReadInFull() throws {
        let load = #"""
            { "model": "closed", "producers": 4, "think": { "dist": "exponential", "mean": "1ms" }, "await": "accepted",
              "keys": { "dist": "round-robin", "count": 9 },
              "phases": [{ "name": "a", "for": "1s" }, { "name": "b", "operations": 50, "limit": "9s" },
                         { "name": "c", "until": "empty", "limit": "2s" }] }
            """#
        let scenario = try #require(try Fixture.read(Fixture.scenario(load: load)).scenario)
        let think = DurationDistribution.exponential(mean: .milliseconds(1))
        #expect(scenario.load.model == .closed(producers: 4, think: think, awaiting: .accepted))
        #expect(scenario.load.keys == .roundRobin(count: 9))
        #expect(
            scenario.load.phases.map(\.end) == [
                .after(.seconds(1)), .operations(50, limit: .seconds(9)), .empty(limit: .seconds(2)),
            ]
        )
    }

    @Test(arguments: [
        (#"{ "from": "1/s", "to": "2/s" }"#, RateCurve.linear(from: 1, to: 2)),
        (#"{ "spike": { "base": "1/s", "peak": "9/s" } }"#, .spike(base: 1, peak: 9)),
        (
            #"{ "steps": ["1/s", { "rate": "2/s", "for": "3s" }] }"#,
            .steps([RateCurve.Step(rate: 1), RateCurve.Step(rate: 2, duration: .seconds(3))])
        ),
    ])
    func rateCurvesAreRead(_ rate: String, expected: RateCurve) throws {
        let load = #"{ "model": "open", "phases": [{ "name": "a", "for": "4s", "rate": \#(rate) }] }"#
        #expect(try Fixture.read(Fixture.scenario(load: load)).scenario?.load.phases.first?.rate == expected)
    }

    @Test func targetsThatAreLeftOutTakeTheirChecksWithThem() throws {
        let scenario = try #require(try Fixture.read(Examples.outage).scenario)
        let smaller = try #require(scenario.keepingTargets(["q*"]))
        #expect(smaller.targets.map(\.id) == ["queue"])
        #expect(smaller.expectations.map(\.text) == ["lost == 0"])
        #expect(smaller.comparison?.baseline == "queue")
        #expect(scenario.keepingTargets(["peer"])?.comparison == nil)
        #expect(scenario.keepingTargets(["nothing"]) == nil)
        #expect(scenario.keepingTargets([]) == scenario)
    }

    /// Damaged files may be refused in any way but a trap, and never without a reason.
    @Test(arguments: UInt64(0)..<40)
    func damagedScenariosNeverTrap(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let registry = try Fixture.registry()
        for _ in 0..<25 {
            var bytes = Array([Examples.ramp, Examples.burst, Examples.outage][Int(random.next() % 3)].utf8)
            for _ in 0...Int(random.next() % 4) { random.damage(&bytes) }
            let source = SourceText(path: "f.json", bytes: bytes)
            let reading = ScenarioFile.read(source, registry, [], nil, nil, [:])
            #expect((reading.scenario == nil) == !reading.problems.isEmpty)
            #expect(reading.problems.allSatisfy { $0.line >= 1 && $0.column >= 1 && !$0.message.isEmpty })
        }
    }
}

/// A small seeded generator that damages texts.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func damage(_ bytes: inout [UInt8]) {
        let index = Int(next() % UInt64(bytes.count))
        let pieces = [
            "\"", "{", "[", "}", ",", ":", "${", "null", "1e999", "-1", "\"0s\"", "\\u", "/*", "9999999999999999999",
        ]
        switch next() % 5 {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: next())
        case 1: bytes.removeSubrange(index..<min(bytes.count, index + 1 + Int(next() % 30)))
        case 2: bytes.insert(contentsOf: pieces[Int(next() % UInt64(pieces.count))].utf8, at: index)
        case 3: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + Int(next() % 80))], at: index)
        default: bytes.removeSubrange(index...)
        }
        if bytes.isEmpty { bytes = [UInt8(ascii: "{")] }
    }
}

/// The three examples of the documentation, as far as this version supports them.
private enum Examples {
    static let ramp = #"""
        {
          "$schema": "../schema/scenario-1.json",
          "format": 1,
          "name": "retry-ramp-with-failures",
          "summary": "Poisson ramp to peak while a fifth of attempts fail transiently; retry must hide it without piling up.",
          "tags": ["atom", "retry", "ci"],
          "vars": { "peak": "${env:RETRY_PEAK:-400/s}", "transient": "20%" },
          "seed": 20260901,
          "clock": "real",
          "targets": [
            { "id": "retry", "use": "fake.queue",
              "options": { "maxConcurrency": 16, "backoff": { "base": "10ms", "factor": 2 } } }
          ],
          "load": {
            "model": "open",
            "arrivals": "poisson",
            "producers": "independent",
            "phases": [
              { "name": "warm", "for": "2s", "rate": "50/s", "measure": false },
              { "name": "ramp", "for": "10s", "rate": { "from": "50/s", "to": "${peak}" } },
              { "name": "hold", "for": "10s", "rate": "${peak}" },
              { "name": "drain", "until": "empty", "limit": "5s", "measure": false }
            ],
            "late": "keep",
            "fidelity": { "lateness.p99": "1ms" }
          },
          "work": { "time": { "dist": "lognormal", "median": "2ms", "p99": "12ms" }, "as": "suspend" },
          "faults": [
            { "id": "transient", "scope": "attempt", "rate": "${transient}", "error": "transient" },
            { "id": "permanent", "scope": "operation", "rate": "1%", "error": "permanent" },
            { "id": "slow-tail", "scope": "attempt", "rate": "2%", "during": "hold",
              "delay": { "dist": "uniform", "min": "20ms", "max": "80ms" } }
          ],
          "invariants": ["conservation", { "use": "fake.bound", "most": 16 }],
          "expect": [
            { "that": "success.ratio >= 98%", "phase": "hold" },
            { "that": "attempts.perOperation.mean in 1.20...1.29", "phase": "hold" },
            { "that": "response.p99 < 500ms", "phase": "hold", "clock": "real", "level": "warn" },
            { "that": "unfinished == 0" }
          ],
          "report": { "formats": ["console", "markdown", "csv", "json"] }
        }
        """#

    static let burst = #"""
        {
          "$schema": "../schema/scenario-1.json",
          "format": 1,
          "name": "backpressure-burst-timeline",
          "summary": "Two bursts and one slow downstream that asks for backpressure.",
          "tags": ["pattern", "backpressure", "timeline"],
          "seed": 7,
          "targets": [{ "id": "bp", "use": "fake.queue", "options": { "maxConcurrency": 8, "deferOn": "backpressure.*" } }],
          "load": {
            "model": "open",
            "arrivals": "even",
            "producers": "independent",
            "keys": { "dist": "zipf", "count": 64, "s": 1.1 },
            "phases": [
              { "name": "warm", "for": "1s", "rate": "300/s", "measure": false },
              { "name": "main", "for": "17s", "rate": "300/s" },
              { "name": "drain", "until": "empty", "limit": "5s", "measure": false }
            ],
            "bursts": [
              { "id": "spike", "at": "4s", "count": 1500, "over": "250ms" },
              { "id": "plateau", "at": "12s", "rate": "1200/s", "for": "1s" }
            ]
          },
          "work": { "time": { "dist": "constant", "value": "8ms" }, "as": "suspend" },
          "timeline": [
            { "id": "slow", "at": "8s", "for": "1s", "do": { "set": "work.time", "to": { "dist": "constant", "value": "40ms" } } },
            { "id": "stall", "at": "15s", "for": "400ms", "do": { "fault": "stall", "scope": "workers" } },
            { "id": "deferred", "at": "9s", "for": "1s", "do": { "signal": "backpressure.downstream" } },
            { "at": "6s", "every": "500ms", "times": 4, "do": { "mark": "probe" } }
          ],
          "invariants": "all",
          "expect": [
            { "that": "signals[backpressure.*].count == 1" },
            { "that": "time.until(start) < 5ms", "after": "deferred.end" },
            { "that": "time.until(depth <= 8) < 3s", "after": "spike" },
            { "that": "response.p95 < 60ms", "window": { "from": "1s", "to": "4s" } }
          ]
        }
        """#

    static let outage = #"""
        {
          "$schema": "../schema/scenario-1.json",
          "format": 1,
          "name": "compare-under-outage",
          "summary": "The same plan against two shapes; which one keeps latency and loses nothing?",
          "tags": ["compare", "nightly"],
          "vars": { "rate": "600/s", "outage": "30%" },
          "seed": 99,
          "clock": "real",
          "targets": [
            { "id": "queue", "use": "fake.queue", "options": { "maxConcurrency": 8 } },
            { "id": "peer", "use": "peer.fake" }
          ],
          "load": {
            "model": "open",
            "arrivals": "poisson",
            "keys": { "dist": "zipf", "count": 500, "s": 1.0 },
            "phases": [
              { "name": "warm", "for": "2s", "rate": "${rate}", "measure": false },
              { "name": "healthy", "for": "6s", "rate": "${rate}" },
              { "name": "outage", "for": "4s", "rate": "${rate}" },
              { "name": "drain", "until": "empty", "limit": "10s", "measure": false }
            ]
          },
          "work": { "time": { "dist": "lognormal", "median": "6ms", "p99": "30ms" }, "as": "suspend" },
          "faults": [
            { "id": "outage", "during": "outage", "scope": "attempt", "error": "transient", "rate": "${outage}" }
          ],
          "runs": { "repetitions": 7, "order": "interleaved" },
          "expect": [
            { "that": "lost == 0", "target": "*" },
            { "that": "response.p99 < 0.5x", "target": "queue", "versus": "peer", "phase": "outage" }
          ],
          "compare": { "baseline": "queue", "metrics": ["throughput", "success.ratio", "response.p99"] },
          "report": { "formats": ["console", "markdown", "csv"], "title": "Two shapes, one storm" }
        }
        """#
}
