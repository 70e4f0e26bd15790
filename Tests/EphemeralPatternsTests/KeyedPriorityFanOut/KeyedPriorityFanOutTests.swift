import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct KeyedPriorityFanOutTests {
    let stage = PatternStage()
    let sink: SignalSink

    init() { sink = SignalSink(time: stage.time) }

    static let conformance = CoordinatorConformance { options, body in
        let fanOut = try KeyedPriorityFanOut<Int, Int>(
            maxConcurrency: options.maxConcurrency,
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

    private func fanOut(
        _ maxConcurrency: Int = 1,
        depth: Int? = nil,
        cancelOn: SignalPatternSet = [],
        deferOn: SignalPatternSet = []
    ) throws -> KeyedPriorityFanOut<Int, Int> {
        try KeyedPriorityFanOut(
            maxConcurrency: maxConcurrency,
            sink: sink,
            maxPriorityDepth: depth,
            cancelPriorityOn: cancelOn,
            deferPriorityOn: deferOn,
            options: stage.options(),
            key: { $0 / 10 },
            body: stage.body
        )
    }

    @Test func anUrgentItemOvertakesWhatWaitsOfItsOwnKeyAndOthers() throws {
        let fanOut = try fanOut()
        for item in [10, 11, 20] { #expect(fanOut.tryEnqueue(item)) }
        stage.run()
        #expect(stage.call { try await fanOut.enqueuePriority(12) }.value == true)
        for _ in 0..<3 { stage.release() }
        #expect(stage.starts.elements == [10, 12, 11, 20])
        stage.open()
    }

    @Test func anUrgentItemNeverRunsBesideOneOfItsKey() throws {
        let fanOut = try fanOut(4)
        #expect(fanOut.tryEnqueue(10))
        stage.run()
        #expect(fanOut.tryEnqueuePriority(11) && fanOut.tryEnqueue(20))
        stage.run()
        #expect(stage.starts.elements == [10, 20])
        stage.open()
        #expect(stage.starts.elements == [10, 20, 11])
    }

    @Test func theUrgentLaneRefusesMoreThanItsDepthAndSaysHowManyWait() throws {
        let fanOut = try fanOut(depth: 2)
        fanOut.pause()
        #expect(fanOut.tryEnqueuePriority(10) && fanOut.tryEnqueuePriority(20))
        let before = fanOut.pendingCounts
        #expect(stage.call { try await fanOut.enqueuePriority(30) }.value == false)
        #expect(!fanOut.tryEnqueuePriority(30) && fanOut.tryEnqueue(30))
        #expect(before.priority == 2 && before.normal == 0)
        #expect(fanOut.pendingCounts.normal == 1 && fanOut.pendingCount(for: 3) == 1)
        fanOut.resume()
        stage.open()
        #expect(fanOut.stats.completed == 3)
    }

    @Test func aCancellingSignalRefusesUrgentItemsAndCancelsThoseThatWait() throws {
        let fanOut = try fanOut(cancelOn: ["panic"])
        fanOut.pause()
        #expect(fanOut.tryEnqueuePriority(10) && fanOut.tryEnqueue(20))
        sink.raise("panic")
        #expect(!fanOut.tryEnqueuePriority(11))
        #expect(fanOut.stats.cancelled == 1 && fanOut.stats.enqueued == 2)
        fanOut.resume()
        stage.open()
        #expect(stage.starts.elements == [20])
    }

    @Test func aDeferringSignalHoldsUrgentItemsBackAndNormalOnesGoOn() throws {
        let fanOut = try fanOut(deferOn: ["hold"])
        sink.raise("hold")
        #expect(fanOut.tryEnqueuePriority(10) && fanOut.tryEnqueue(20))
        stage.open()
        #expect(stage.starts.elements == [20])
        sink.retract("hold")
        stage.run()
        #expect(stage.starts.elements == [20, 10])
    }

    @Test func rulesWithoutASinkAndLimitsOutsideTheirRangeAreRefused() {
        #expect(
            codeThrown {
                _ = try KeyedPriorityFanOut<Int, Int>(maxConcurrency: 1, cancelPriorityOn: ["x"], key: { $0 }) { _, _ in
                }
            } == .invalidArgument
        )
        #expect(codeThrown { _ = try fanOut(0) } == .invalidArgument)
    }

    @Test func noScheduleLosesAnItemOrRunsTwoOfAKey() async throws {
        try await explore { options, seed in
            let levels = Levels()
            let fanOut = try KeyedPriorityFanOut<Int, Int>(maxConcurrency: 3, options: options, key: { $0 % 3 }) {
                item,
                _ in
                levels.enter(item % 3)
                try await options.time.sleep(for: .milliseconds((item + Int(seed)) % 4))
                levels.leave(item % 3)
            }
            for item in 0..<60 {
                if (item + Int(seed)).isMultiple(of: 4) {
                    _ = try await fanOut.enqueuePriority(item)
                } else {
                    try await fanOut.enqueue(item)
                }
            }
            try await fanOut.drain()
            return (levels.mostOfOneKey == 1).orElse("\(levels.mostOfOneKey) of one key")
                + (fanOut.stats.completed == 60).orElse("\(fanOut.stats)")
        }
    }
}
