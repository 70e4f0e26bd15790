import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ControlledFanOutTests {
    let stage = PatternStage()

    static let conformance = CoordinatorConformance { options, body in
        let fanOut = try ControlledFanOut<Int, Int>(
            maxGlobalConcurrency: options.maxConcurrency,
            options: options,
            key: { $0 }
        ) { item, _ in try await body(item) }
        return CoordinatorConformance.Subject(fanOut) { try await fanOut.enqueue($0) }
    }

    /// Limits are parameters of its own, tested below.
    static let checks = conformance.checks.filter { $0.id != "optionsOutsideTheirRangeAreRefused" }

    @Test(arguments: checks)
    func itKeepsTheRulesOfCoordinators(_ check: ConformanceCheck) async throws {
        try await Self.conformance.run(check)
    }

    private func fanOut(_ global: Int, _ perKey: Int, sink: SignalSink? = nil) throws -> ControlledFanOut<Int, Int> {
        try ControlledFanOut(
            maxGlobalConcurrency: global,
            perKeyConcurrency: perKey,
            sink: sink,
            options: stage.options(),
            key: { $0 / 10 },
            body: stage.body
        )
    }

    @Test func aKeyAtItsLimitLeavesThePlacesToOthers() throws {
        let fanOut = try fanOut(4, 2)
        for item in [10, 11, 12, 20, 21, 22, 30] { #expect(fanOut.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [10, 11, 20, 21])
        #expect(fanOut.pendingCount(for: 1) == 1 && fanOut.snapshot(for: 2).count == 2)
        stage.release()
        #expect(stage.starts.elements == [10, 11, 20, 21, 12])
        stage.open()
        #expect(fanOut.stats.completed == 7)
    }

    @Test func lessThanOnePerKeyCountsAsOne() throws {
        let fanOut = try fanOut(4, 0)
        for item in [10, 11] { #expect(fanOut.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [10])
        stage.open()
    }

    @Test func signalsOfOperationsComeToTheSink() throws {
        let sink = SignalSink(time: stage.time)
        let fanOut = try ControlledFanOut<Int, Int>(
            maxGlobalConcurrency: 1,
            sink: sink,
            options: stage.options(),
            key: { $0 }
        ) { _, context in context.emit("seen") }
        #expect(fanOut.tryEnqueue(5))
        stage.run()
        #expect(sink.count(.name("seen").key("5")) == 1)
    }

    @Test func aLimitOutsideItsRangeIsRefused() {
        #expect(codeThrown { _ = try fanOut(0, 1) } == .invalidArgument)
    }

    @Test func bothLimitsHoldInEverySchedule() async throws {
        try await explore { options, seed in
            let levels = Levels()
            let fanOut = try ControlledFanOut<Int, Int>(
                maxGlobalConcurrency: 5,
                perKeyConcurrency: 2,
                options: options,
                key: { $0 % 4 }
            ) { item, _ in
                levels.enter(item % 4)
                try await options.time.sleep(for: .milliseconds((item + Int(seed)) % 3))
                levels.leave(item % 4)
            }
            for item in 0..<60 { try await fanOut.enqueue(item) }
            try await fanOut.drain()
            return (levels.most <= 5).orElse("\(levels.most) at a time")
                + (levels.mostOfOneKey <= 2).orElse("\(levels.mostOfOneKey) of one key")
                + (fanOut.stats.completed == 60).orElse("\(fanOut.stats)")
        }
    }
}
