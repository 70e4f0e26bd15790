import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DynamicConcurrencyDemoTests {
    let stage = PatternStage()
    let sink: SignalSink

    init() { sink = SignalSink(time: stage.time) }

    private func demo(
        _ min: Int = 1,
        _ max: Int = 32,
        up: SignalPatternSet = ["load.high"],
        cooldown: Duration = .zero
    ) throws -> DynamicConcurrencyDemo<Int> {
        try DynamicConcurrencyDemo(
            sink: sink,
            minConcurrency: min,
            maxConcurrency: max,
            scaleUpPattern: up,
            cooldown: cooldown,
            options: stage.options(),
            body: stage.body
        )
    }

    @Test func itStartsWithTheSmallestLimitAndFollowsTheSignals() throws {
        let demo = try demo(2, 7)
        var limits = [demo.currentMaxConcurrency]
        for signal in ["load.high", "load.high", "load.medium", "load.low", "load.low"] {
            sink.raise(signal)
            limits.append(demo.currentMaxConcurrency)
        }
        #expect(limits == [2, 4, 7, 7, 3, 2])
    }

    @Test func aHigherLimitTakesEffectAtOnceAndALowerOneAsBodiesEnd() throws {
        let demo = try demo()
        for item in 1...8 { #expect(demo.tryEnqueue(item)) }
        stage.run()
        sink.raise("load.high")
        sink.raise("load.high")
        stage.run()
        #expect(stage.starts.elements == [1, 2, 3, 4])
        sink.raise("load.low")
        stage.release(2)
        #expect(stage.starts.count == 4)
        stage.release()
        #expect(stage.starts.count == 5)
        stage.open()
        #expect(demo.stats.completed == 8)
    }

    /// D70: one signal is one step, however long it stays visible, and masks none of the other direction.
    @Test func aSignalThatStaysVisibleIsOneStep() throws {
        let demo = try demo()
        sink.raise("load.high")
        stage.advance(50_000)
        #expect(demo.currentMaxConcurrency == 2 && sink.contains("load.high"))
        sink.raise("load.low")
        #expect(demo.currentMaxConcurrency == 1)
        #expect(stage.time.deadlines.isEmpty)
    }

    @Test func inACooldownABurstIsOneStepAndTheOtherDirectionComesAtItsEnd() throws {
        let demo = try demo(cooldown: .milliseconds(200))
        for _ in 0..<10 { sink.raise("load.high") }
        #expect(demo.currentMaxConcurrency == 2)
        sink.raise("load.low")
        stage.run()
        stage.advance(199)
        #expect(demo.currentMaxConcurrency == 2)
        stage.advance(1)
        #expect(demo.currentMaxConcurrency == 1)
    }

    @Test func aSignalThatMatchesBothPatternsCountsAsUp() throws {
        let demo = try demo(up: ["load.*"])
        sink.raise("load.low")
        #expect(demo.currentMaxConcurrency == 2)
    }

    @Test func aLimitSetByHandIsWhereSignalsGoOn() throws {
        let demo = try demo(2, 32)
        try demo.setMaxConcurrency(10)
        #expect(demo.currentMaxConcurrency == 10)
        sink.raise("load.high")
        #expect(demo.currentMaxConcurrency == 20)
        for limit in [1, 33] { #expect(codeThrown { try demo.setMaxConcurrency(limit) } == .invalidArgument) }
    }

    @Test func valuesOutsideTheirRangeAreRefused() {
        #expect(codeThrown { _ = try demo(0) } == .invalidArgument)
        #expect(codeThrown { _ = try demo(5, 4) } == .invalidArgument)
        #expect(codeThrown { _ = try demo(up: [" , "]) } == .invalidArgument)
        #expect(codeThrown { _ = try demo(cooldown: .seconds(-1)) } == .invalidArgument)
    }

    @Test func afterAShutdownSignalsCountNoMore() throws {
        let demo = try demo()
        stage.call { await demo.shutdown() }
        sink.raise("load.high")
        #expect(demo.currentMaxConcurrency == 1)
    }

    @Test func signalsFromManyTasksAtOnceLeaveTheLimitThatWasDecidedLast() async throws {
        for _ in 0..<20 {
            let sink = SignalSink()
            let demo = try DynamicConcurrencyDemo<Int>(sink: sink, maxConcurrency: 1 << 40) { _, _ in }
            await withTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<5 { sink.raise("load.high") } }
                }
            }
            #expect(demo.currentMaxConcurrency == 1 << 40)
            await demo.shutdown()
        }
    }

    @Test func theLimitThatIsDecidedHoldsInEverySchedule() async throws {
        try await explore { options, seed in
            let sink = SignalSink(time: options.time)
            let levels = Levels()
            let demo = try DynamicConcurrencyDemo<Int>(
                sink: sink,
                maxConcurrency: 8,
                cooldown: .milliseconds(seed.isMultiple(of: 2) ? 0 : 5),
                options: options
            ) { item, _ in
                levels.enter()
                try await options.time.sleep(for: .milliseconds(item % 5))
                levels.leave()
            }
            for item in 0..<60 {
                try await demo.enqueue(item)
                if item.isMultiple(of: 4) {
                    sink.raise((item / 4 + Int(seed)).isMultiple(of: 3) ? "load.low" : "load.high")
                }
                if item.isMultiple(of: 7) { try await options.time.sleep(for: .milliseconds(3)) }
            }
            try await demo.drain()
            return (levels.most <= 8).orElse("\(levels.most) at a time")
                + ((1...8).contains(demo.currentMaxConcurrency)).orElse("limit \(demo.currentMaxConcurrency)")
                + (demo.stats.completed == 60).orElse("\(demo.stats)")
        }
    }
}
