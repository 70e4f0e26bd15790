import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ReactiveFanOutPipelineTests {
    let stage = PatternStage()
    let sink: SignalSink
    let fetched = Journal<Int>()

    init() { sink = SignalSink(time: stage.time) }

    private func options(_ change: (inout ReactiveFanOutOptions) -> Void = { _ in }) -> ReactiveFanOutOptions {
        var options = ReactiveFanOutOptions(stage1MaxConcurrency: 8, stage2MaxConcurrency: 1, sink: sink)
        (options.backpressureThreshold, options.reliefThreshold) = (4, 1)
        options.stages = stage.options()
        change(&options)
        return options
    }

    /// A pipeline whose second stage stops at the gate.
    private func pipeline(_ change: (inout ReactiveFanOutOptions) -> Void = { _ in }) throws -> ReactiveFanOutPipeline<
        Int
    > {
        try ReactiveFanOutPipeline(options: options(change), stage2Work: stage.body) { [fetched] item, _ in
            fetched.record(item)
            if item < 0 { throw Failure(number: item) }
        }
    }

    private func raised() -> [String] { sink.signals().map(\.signal).filter { $0.hasPrefix("stage2.") } }

    @Test func itemsGoThroughBothStagesInOrder() throws {
        let pipeline = try pipeline()
        for item in 1...3 { #expect(pipeline.tryEnqueue(item)) }
        stage.open()
        #expect(fetched.elements == [1, 2, 3] && stage.starts.elements == [1, 2, 3])
        #expect(pipeline.stats.completed == 3 && pipeline.snapshot().count == 6)
    }

    @Test func theFirstStageIsThrottledAndRelievedByWhatWaitsForTheSecond() throws {
        let pipeline = try pipeline()
        for item in 1...5 { #expect(pipeline.tryEnqueue(item)) }
        stage.run()
        #expect(pipeline.stage1CurrentMaxConcurrency == 1 && pipeline.stage2Pending == 4)
        #expect(raised() == ["stage2.backpressure"])
        stage.advance(200)
        stage.release(2)
        #expect(pipeline.stage1CurrentMaxConcurrency == 1)
        stage.release()
        #expect(pipeline.stage2Pending == 1 && pipeline.stage1CurrentMaxConcurrency == 8)
        #expect(raised() == ["stage2.backpressure", "stage2.relieved"])
        stage.open()
    }

    /// D72: relief needs no new item, also when the cool-down outlasts the traffic.
    @Test func itIsRelievedAlthoughNothingArrivesAnyMore() throws {
        let pipeline = try pipeline()
        for item in 1...6 { #expect(pipeline.tryEnqueue(item)) }
        stage.run()
        #expect(pipeline.stage1CurrentMaxConcurrency == 1)
        stage.open()
        #expect(pipeline.stats.completed == 6 && pipeline.stage1CurrentMaxConcurrency == 1)
        stage.advance(200)
        #expect(pipeline.stage1CurrentMaxConcurrency == 8)
        #expect(stage.time.deadlines.isEmpty)
    }

    @Test func aFailureOfTheSecondStageThrottlesForTheCooldown() throws {
        let pipeline = try ReactiveFanOutPipeline<Int>(options: options()) { item, _ in
            if item == 2 { throw Failure() }
        }
        for item in 1...3 { #expect(pipeline.tryEnqueue(item)) }
        stage.run()
        #expect(pipeline.stats.failed == 1 && pipeline.stats.completed == 2)
        #expect(raised() == ["stage2.failed"] && pipeline.stage1CurrentMaxConcurrency == 1)
        stage.advance(199)
        #expect(pipeline.stage1CurrentMaxConcurrency == 1)
        stage.advance(1)
        #expect(pipeline.stage1CurrentMaxConcurrency == 8)
    }

    /// D71: the second stage takes what the first still has.
    @Test func drainingLosesNothingThatIsInTheFirstStage() throws {
        let pipeline = try ReactiveFanOutPipeline<Int>(
            options: options { $0.stage1MaxConcurrency = 2 },
            stage2Work: { [stage] item, _ in stage.starts.record(item) },
            preStageWork: { [stage] _, _ in try await stage.gate.wait() }
        )
        for item in 1...6 { #expect(pipeline.tryEnqueue(item)) }
        stage.run()
        let drain = stage.call { try await pipeline.drain() }
        #expect(drain.isSuspended && !pipeline.isDrained)
        #expect(!pipeline.tryEnqueue(7))
        stage.open()
        #expect(!drain.isSuspended && drain.error == nil && pipeline.isDrained)
        #expect(Set(stage.starts.elements) == Set(1...6))
    }

    @Test func anItemThatFailsInTheFirstStageIsCountedAndDoesNotComeToTheSecond() throws {
        let pipeline = try pipeline()
        for item in [1, -2, 3] { #expect(pipeline.tryEnqueue(item)) }
        stage.open()
        #expect(stage.starts.elements == [1, 3])
        #expect(pipeline.stats.failed == 1 && pipeline.stage1Stats.failed == 1 && pipeline.stage2Stats.enqueued == 2)
    }

    @Test func aDrainThatTakesTooLongSaysSoAndThePipelineGoesOn() throws {
        let pipeline = try pipeline()
        #expect(pipeline.tryEnqueue(1))
        stage.run()
        let drain = stage.call { try await pipeline.drain(timeout: .seconds(1)) }
        stage.advance(1000)
        #expect(drain.code == .drainTimeout)
        stage.open()
        #expect(pipeline.isDrained && pipeline.stats.completed == 1)
    }

    @Test func cancellingDropsWhatWaitsInBothStagesAndHandsItOn() throws {
        let dropped = Journal<Int>()
        let pipeline = try ReactiveFanOutPipeline<Int>(
            options: options { $0.stage1MaxConcurrency = 1 },
            onDiscard: { dropped.record($0) },
            stage2Work: stage.body,
            preStageWork: { [fetched, stage] item, _ in
                fetched.record(item)
                if item == 4 { await stage.gate.waitIgnoringCancellation() }
            }
        )
        for item in 1...5 { #expect(pipeline.tryEnqueue(item)) }
        stage.run()
        // One runs in the second stage, two wait for it, one is in the first stage and one waits for that.
        #expect(pipeline.stats.active == 2 && pipeline.stats.pending == 3)
        pipeline.cancel()
        stage.open()
        let stats = pipeline.stats
        #expect(Set(dropped.elements) == [2, 3, 4, 5] && dropped.count == 4)
        #expect(stats.cancelled == 5 && stats.pending == 0 && stats.active == 0)
        #expect(!stage.call { await pipeline.shutdown() }.isSuspended && pipeline.isDrained)
    }

    @Test func pausingStopsStartsInBothStages() throws {
        let pipeline = try pipeline()
        pipeline.pause()
        #expect(pipeline.tryEnqueue(1) && pipeline.isPaused)
        stage.run()
        #expect(fetched.elements.isEmpty)
        let idle = stage.call { try await pipeline.waitUntilIdle() }
        #expect(idle.isSuspended)
        pipeline.resume()
        stage.open()
        #expect(!idle.isSuspended && pipeline.stats.completed == 1 && !pipeline.isFinished)
    }

    @Test func aDrainRequestClosesTheIntakeAndLosesNothing() throws {
        let pipeline = try pipeline()
        for item in 1...3 { #expect(pipeline.tryEnqueue(item)) }
        sink.raise("coordinator.drain.all")
        #expect(pipeline.isFinished && !pipeline.tryEnqueue(4))
        stage.open()
        #expect(pipeline.stats.completed == 3)
    }

    @Test func signalsOfBothStagesAreVisible() throws {
        let pipeline = try ReactiveFanOutPipeline<Int>(
            options: options(),
            stage2Work: { _, context in context.emit("second") },
            preStageWork: { _, context in context.emit("first") }
        )
        #expect(pipeline.tryEnqueue(1))
        stage.run()
        #expect(pipeline.signals().map(\.signal) == ["first", "second"])
    }

    @Test(
        arguments: [
            { $0.stage1MinConcurrency = 0 }, { $0.stage1MinConcurrency = 9 }, { $0.stage2MaxConcurrency = 0 },
            { $0.backpressureThreshold = 0 }, { $0.reliefThreshold = 4 }, { $0.reliefThreshold = -1 },
            { $0.adjustCooldown = .seconds(-1) }, { $0.stages.queueCapacity = 3 },
        ] as [@Sendable (inout ReactiveFanOutOptions) -> Void]
    )
    func optionsOutsideTheirRangeAreRefused(_ change: @Sendable (inout ReactiveFanOutOptions) -> Void) {
        #expect(codeThrown { _ = try pipeline(change) } == .invalidArgument)
    }

    @Test func noScheduleLosesAnItemOrLeavesThePipelineThrottled() async throws {
        try await explore { options, seed in
            var pipelineOptions = ReactiveFanOutOptions(stage1MaxConcurrency: 4, stage2MaxConcurrency: 2)
            (pipelineOptions.backpressureThreshold, pipelineOptions.reliefThreshold) = (5, 2)
            pipelineOptions.adjustCooldown = .milliseconds(20)
            pipelineOptions.stages = options
            let done = Journal<Int>()
            let pipeline = try ReactiveFanOutPipeline<Int>(options: pipelineOptions) { item, _ in
                try await options.time.sleep(for: .milliseconds((item + Int(seed)) % 6))
                done.record(item)
                if item.isMultiple(of: 17) { throw Failure() }
            } preStageWork: { item, _ in
                if item.isMultiple(of: 3) { try await options.time.sleep(for: .milliseconds(1)) }
            }
            for item in 1...60 {
                try await pipeline.enqueue(item)
                if item == 40 { try await options.time.sleep(for: .milliseconds(30)) }
            }
            if seed.isMultiple(of: 2) { try await pipeline.waitUntilIdle() }
            try await pipeline.drain()
            try await options.time.sleep(for: .milliseconds(20))
            let stats = pipeline.stats
            return (done.elements.sorted() == Array(1...60)).orElse("done: \(done.elements.sorted())")
                + (stats.completed == 57 && stats.failed == 3 && stats.enqueued == 60).orElse("\(stats)")
                + (pipeline.stage1CurrentMaxConcurrency == 4).orElse("still throttled")
        }
    }
}
