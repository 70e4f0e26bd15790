import EphemeralTime
import HarnessKit
import Synchronization
import Testing

/// Requires something outside of the process, and can be hurt by the timeline.
struct FrailTarget: Target {
    struct Options: Codable, Sendable {
        var moonIsUp: Bool?
    }

    static let id = "frail"
    static let summary = "requires the moon"
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.requirements = ["moon"]
        capabilities.hasSignals = true
        capabilities.faults = [.worker: [.kill], .store: [.stall]]
        return capabilities
    }

    static func virtualObstacle(of options: Options) -> String? { options.moonIsUp == nil ? "it looks outside" : nil }

    static func obstacle(to requirement: String, options: Options) async -> String? {
        options.moonIsUp == true ? nil : "the \(requirement) has set"
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        FrailInstance(tasks: TaskPerOperation(environment: environment))
    }
}

/// Tells of its faults by signals.
private final class FrailInstance: FaultyInstance, SignalPort {
    private let tasks: TaskPerOperation
    private let handlers = Mutex<[@Sendable (SignalObservation) -> Void]>([])

    init(tasks: TaskPerOperation) { self.tasks = tasks }

    func trySubmit(_ operation: HarnessKit.Operation) -> ImmediateSubmission { tasks.trySubmit(operation) }
    func drain() async throws { try await tasks.drain() }
    func shutdown() async {}
    func accounting() -> TargetAccounting { tasks.accounting() }
    var signals: (any SignalPort)? { self }

    func begin(_ fault: TargetFault) throws {
        guard fault.kind != .kill else { throw TargetContractError(message: "nobody to kill") }
        raise("begin \(fault)")
    }

    func end(_ fault: TargetFault) { raise("end \(fault)") }

    func raise(_ name: String) {
        let observation = SignalObservation(name: name, isRetraction: false)
        for handler in handlers.withLock(\.self) { handler(observation) }
    }

    func retract(_ pattern: String) -> Int { 0 }
    func observe(_ handler: @escaping @Sendable (SignalObservation) -> Void) {
        handlers.withLock { $0.append(handler) }
    }
}

/// Cuts off the first attempt of each operation and makes another one.
struct CuttingTarget: Target {
    static let id = "cutting"
    static let summary = "cuts off each operation once"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskPerOperation(environment: environment) { operation in
            let first = Task(executorPreference: environment.executor) { try? await environment.body(operation) }
            try? await environment.time.sleep(for: .milliseconds(1))
            first.cancel()
            await first.value
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct RequirementTests {
    private func result(_ scenario: Scenario) async throws -> RunResult {
        let registry = try PluginRegistry(targets: [FrailTarget.self, CuttingTarget.self, OrderlyTarget.self])
        return await ScenarioRunner(registry: registry)
            .result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
    }

    private func demanding(_ options: JSONValue.Object = [:], otherwise: TargetSpec.Otherwise = .skip) -> Scenario {
        var scenario = VirtualRunTests.short(FrailTarget.id)
        scenario.targets[0].options = .object(options)
        scenario.targets[0].requirements = ["moon"]
        scenario.targets[0].otherwise = otherwise
        return scenario
    }

    @Test func aTargetWithoutWhatItRequiresIsSkippedAndTheResultSaysSo() async throws {
        var scenario = demanding(["moonIsUp": .bool(false)])
        scenario.targets.append(TargetSpec(id: "other", use: OrderlyTarget.id))
        let result = try await result(scenario)
        #expect(result.runs.map(\.target) == ["other"])
        #expect(result.notRun?.map(\.reason) == ["it requires moon: the moon has set"])
        #expect(result.verdict == .pass)
    }

    @Test func aScenarioOfSkippedTargetsAloneDoesNotPass() async throws {
        let result = try await result(demanding(["moonIsUp": .bool(false)]))
        #expect(result.runs == [])
        #expect(result.verdict == .inconclusive)
    }

    @Test func aTargetIsTriedAllTheSameUnlessItIsToBeSkipped() async throws {
        let result = try await result(demanding(["moonIsUp": .bool(false)], otherwise: .fail))
        #expect(result.runs.count == 1)
        #expect(result.notRun == nil)
    }

    @Test func aTargetWithWhatItRequiresIsRun() async throws {
        let result = try await result(demanding(["moonIsUp": .bool(true)]))
        #expect(result.runs.count == 1)
        #expect(result.notRun == nil)
    }

    @Test func optionsDecideWhetherATargetCanRunVirtually() async throws {
        var scenario = demanding()
        scenario.targets[0].requirements = []
        #expect(try await result(scenario).notRun?.map(\.reason) == ["it looks outside"])
    }

    @Test func theTimelineBeginsAndEndsFaults() async throws {
        var scenario = demanding(["moonIsUp": .bool(true)])
        var event = TimelineEvent(id: "silent", at: .seconds(2), action: .fault(TargetFault(.stall, of: .store)))
        event.duration = .seconds(3)
        scenario.timeline = [event]
        let names = ["begin stall store", "end stall store"]
        scenario.expectations = names.map {
            Expectation(text: $0, metric: .signalCount(pattern: $0), condition: .compare(.equal, 1))
        }
        let result = try await result(scenario)
        #expect(result.expectations.map(\.verdict) == [.pass, .pass])
        let mark = try #require(result.runs[0].events.first)
        #expect([mark.kind, mark.label] == ["fault", "stall store"])
        #expect([mark.at, mark.end] == [2, 5])
    }

    @Test func aFaultThatCannotBeginIsNoted() async throws {
        var scenario = demanding(["moonIsUp": .bool(true)])
        scenario.timeline = [
            TimelineEvent(id: "crash", at: .seconds(2), action: .fault(TargetFault(.kill, of: .worker)))
        ]
        let result = try await result(scenario)
        #expect(result.notes.contains { $0.contains("timeline event 'crash' failed: nobody to kill") })
    }

    @Test func anOperationThatWasCutOffAndRunAgainCountsByItsLastAttempt() async throws {
        var scenario = VirtualRunTests.short(CuttingTarget.id)
        scenario.work = Work(time: .constant(.milliseconds(5)), kind: .suspend)
        scenario.record = .latency
        let total = try #require(try await result(scenario).runs.first).total
        #expect(["completed", "failed", "cancelled"].map { total[$0]?.value } == [10, 0, 0])
    }
}
