import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalDrivenBackpressureTests {
    let stage = PatternStage()
    let sink: SignalSink

    init() { sink = SignalSink(time: stage.time) }

    private func coordinator() throws -> WorkCoordinator<Int> {
        try SignalDrivenBackpressure.create(sink: sink, maxConcurrency: 4, options: stage.options(), body: stage.body)
    }

    @Test func moreItemsThanBodiesAreAcceptedWhileASignalHoldsThemBackAndStartWhenItIsTakenBack() throws {
        let coordinator = try coordinator()
        sink.raise("backpressure.downstream")
        let call = stage.call { for item in 1...300 { try await coordinator.enqueue(item) } }
        #expect(!call.isSuspended && coordinator.stats.pending == 300)
        stage.advance(9_999)
        #expect(stage.starts.elements.isEmpty)
        sink.retract("backpressure.downstream")
        stage.run()
        #expect(stage.starts.elements == [1, 2, 3, 4])
        stage.open()
        #expect(coordinator.stats.completed == 300)
    }

    @Test func theItemInFrontRunsAnywayAfterTenSecondsAndTheNextTenSecondsLater() throws {
        let coordinator = try coordinator()
        sink.updateWindow(maxAge: .seconds(3600))
        sink.raise("backpressure.disk")
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        stage.advance(9_999)
        #expect(stage.starts.elements.isEmpty)
        stage.advance(1)
        #expect(stage.starts.elements == [1])
        #expect(coordinator.contains(.name("defer.exhausted")))
        stage.advance(9_999)
        #expect(stage.starts.elements == [1])
        stage.advance(1)
        #expect(stage.starts.elements == [1, 2])
        sink.retract("backpressure.disk")
        stage.open()
    }

    @Test func whatIsHeldBackWhenTheQueueIsCancelledIsHandedBack() throws {
        let dropped = Journal<Int>()
        let coordinator = try SignalDrivenBackpressure.create(
            sink: sink,
            options: stage.options(),
            onDiscard: { dropped.record($0) },
            body: stage.body
        )
        sink.raise("backpressure.disk")
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        coordinator.cancel()
        stage.run()
        #expect(dropped.elements == [1, 2, 3])
        #expect(stage.starts.elements.isEmpty)
    }

    @Test func signalsOfOtherNamesHoldNothingBack() throws {
        let coordinator = try coordinator()
        sink.raise("backpressure")
        sink.raise("pressure.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func itsRulesReplaceThoseOfTheOptionsAndLeaveTheRest() {
        var options = stage.options(17)
        options.queueCapacity = 3
        options.signals.cancelOn = ["stop"]
        let rules = SignalDrivenBackpressure.rules(sink: sink, in: options)
        #expect(rules.maxConcurrency == 4 && rules.queueCapacity == 3 && rules.signals.sink === sink)
        #expect(rules.signals.deferOn == ["backpressure.*"] && rules.signals.cancelOn == ["stop"])
        #expect(rules.signals.maxDeferAttempts == 200 && rules.signals.deferCheckInterval == .milliseconds(50))
    }

    @Test func aBodyNeedNotLookAtItsOperation() throws {
        let coordinator = try SignalDrivenBackpressure.create(sink: sink, options: stage.options()) { (item: Int) in
            stage.starts.record(item)
        }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.starts.elements == [1])
    }

    @Test func aLimitOutsideItsRangeIsRefused() {
        #expect(
            codeThrown { _ = try SignalDrivenBackpressure.create(sink: sink, maxConcurrency: 0) { (_: Int) in } }
                == .invalidArgument
        )
    }

    @Test func noScheduleStartsAnItemWhileDownstreamRefuses() async throws {
        try await explore { options, seed in
            let sink = SignalSink(time: options.time)
            let refuses = Journal<Bool>()
            let coordinator = try SignalDrivenBackpressure.create(sink: sink, options: options) { (item: Int) in
                try await options.time.sleep(for: .milliseconds(item % 4))
            }
            for round in 0..<6 {
                for item in 0..<5 { try await coordinator.enqueue(item + Int(seed % 3)) }
                sink.raise("backpressure.downstream")
                let before = coordinator.stats.pending
                try await options.time.sleep(for: .milliseconds(50 * (round + 1)))
                refuses.record(coordinator.stats.pending == before)
                sink.retract("backpressure.downstream")
                try await options.time.sleep(for: .milliseconds(2))
            }
            try await coordinator.drain()
            return (!refuses.elements.contains(false)).orElse("items started: \(refuses.elements)")
                + (coordinator.stats.completed == 30).orElse("\(coordinator.stats)")
        }
    }
}
