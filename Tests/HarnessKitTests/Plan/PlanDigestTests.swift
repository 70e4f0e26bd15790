import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PlanDigestTests {
    private static func base() -> Scenario {
        let phases = [
            Phase(name: "warm", end: .after(.seconds(1)), rate: .constant(20), measure: false),
            Phase(name: "main", end: .after(.seconds(2)), rate: .linear(from: 20, to: 60)),
            Phase(name: "drain", end: .empty(limit: .seconds(5)), measure: false),
        ]
        let burst = Burst(id: "spike", at: .seconds(1), count: 5, over: .milliseconds(100))
        var scenario = PlanFixture.open(phases, arrivals: .poisson, bursts: [burst])
        scenario.load.keys = .zipf(count: 16, exponent: 1)
        scenario.work = Work(time: .lognormal(median: .milliseconds(2), p99: .milliseconds(9)), kind: .suspend)
        scenario.faults = [FaultRule(id: "f", scope: .attempt, rate: 0.2, effect: .error("e"))]
        scenario.timeline = [TimelineEvent(id: "t", at: .seconds(1), action: .raise("backpressure.x"))]
        return scenario
    }

    struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var apply: @Sendable (inout Scenario) -> Void

        init(_ name: String, _ apply: @escaping @Sendable (inout Scenario) -> Void) {
            testDescription = name
            self.apply = apply
        }
    }

    static let loadChanges = [
        Change("seed") { $0.seed = 8 },
        Change("arrivals") { $0.load.model = .open(arrivals: .even) },
        Change("rate") { $0.load.phases[1].rate = .linear(from: 20, to: 61) },
        Change("phase length") { $0.load.phases[1].end = .after(.milliseconds(2001)) },
        Change("drain limit") { $0.load.phases[2].end = .empty(limit: .seconds(6)) },
        Change("measure flag") { $0.load.phases[0].measure = true },
        Change("burst") { $0.load.bursts[0].count = 6 },
        Change("keys") { $0.load.keys = .zipf(count: 16, exponent: 1.01) },
        Change("part") { $0.faults[0].part = 1 },
        Change("lanes") { $0.load.lanes = .inTurn(["a"]) },
        Change("late policy") { $0.load.late = .drop },
        Change("work time") { $0.work.time = .lognormal(median: .milliseconds(2), p99: .milliseconds(10)) },
        Change("work kind") { $0.work.kind = .cpu },
        Change("fault rate") { $0.faults[0].rate = 0.21 },
        Change("fault window") { $0.faults[0].active = .phase("main") },
        Change("fault effect") { $0.faults[0].effect = .delay(.constant(.milliseconds(1))) },
        Change("fault id, which names its stream") { $0.faults[0].id = "g" },
        Change("timeline") { $0.timeline[0].at = .milliseconds(1001) },
        Change("work time of the timeline") {
            let action = TimelineEvent.Action.setWorkTime(.constant(.milliseconds(1)))
            $0.timeline.append(TimelineEvent(id: "set", at: .seconds(1), action: action))
        },
        Change("stall") { $0.timeline.append(TimelineEvent(id: "stall", at: .seconds(1), action: .stall)) },
    ]

    static let otherChanges = [
        Change("targets") { $0.targets = [TargetSpec(id: "b", use: "test.b", options: .object(["x": .integer(1)]))] },
        Change("names") { $0.name = "other" },
        Change("repetitions") { $0.runs.repetitions = 9 },
        Change("recording level") { $0.record = .counts },
        Change("invariants") { $0.invariants = .all },
        Change("expectations") {
            $0.expectations = [
                HarnessKit.Expectation(text: "lost == 0", metric: .named("lost"), condition: .compare(.equal, 0))
            ]
        },
        Change("report") { $0.report.title = "Other" },
        Change("marks") { $0.timeline.append(TimelineEvent(id: "m", at: .seconds(1), action: .mark("here"))) },
    ]

    @Test func theSameScenarioHasTheSameDigest() throws {
        let digest = try Plan(Self.base()).digest
        #expect(try Plan(Self.base()).digest == digest)
        #expect(digest.count == 16)
    }

    @Test(arguments: loadChanges)
    func aChangeOfTheLoadChangesTheDigest(change: Change) throws {
        var changed = Self.base()
        change.apply(&changed)
        #expect(try Plan(changed).digest != Plan(Self.base()).digest)
    }

    @Test(arguments: otherChanges)
    func otherChangesKeepTheDigest(change: Change) throws {
        var changed = Self.base()
        change.apply(&changed)
        #expect(try Plan(changed).digest == Plan(Self.base()).digest)
    }

    @Test func operationsMeetTheSameScriptWhateverTheTargets() throws {
        var other = Self.base()
        other.targets = [TargetSpec(id: "x", use: "peer.x"), TargetSpec(id: "y", use: "peer.y")]
        let plans = try [Plan(Self.base()), Plan(other)]
        let faces = plans.map { plan in
            plan.intendedStarts.indices.map { index in
                let start = plan.intendedStarts[index]
                let script = plan.script(of: index, attempt: 2, intendedStart: start)
                return [start, Int64(plan.key(of: index)), script.work, Int64(script.error ?? -1)]
            }
        }
        #expect(faces[0].count > 80)
        #expect(faces[0] == faces[1])
    }
}
