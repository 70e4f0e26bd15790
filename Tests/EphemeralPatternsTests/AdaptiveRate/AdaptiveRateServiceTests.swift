import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AdaptiveRateServiceTests {
    let stage = PatternStage()
    let sink: SignalSink

    init() { sink = SignalSink(time: stage.time) }

    static let conformance = CoordinatorConformance { options, body in
        let service = try AdaptiveRateService<Int>(maxConcurrency: options.maxConcurrency, options: options) {
            item,
            _ in
            try await body(item)
        }
        return CoordinatorConformance.Subject(service) { try await service.process($0) }
    }

    /// Its limit and its rules of deferral are its own, tested below.
    static let checks = conformance.checks.filter {
        !["optionsOutsideTheirRangeAreRefused", "itemsAreHeldBackNoLongerThanTheOptionsAllow"].contains($0.id)
            && !$0.id.lowercased().contains("defer")
    }

    @Test(arguments: checks)
    func itKeepsTheRulesOfCoordinators(_ check: ConformanceCheck) async throws {
        try await Self.conformance.run(check)
    }

    private func service(_ maxConcurrency: Int = 4, withSink: Bool = true) throws -> AdaptiveRateService<Int> {
        try AdaptiveRateService(
            maxConcurrency: maxConcurrency,
            sink: withSink ? sink : nil,
            options: stage.options(),
            body: stage.body
        )
    }

    @Test func nothingStartsUntilTheTimeOfTheSignalIsOver() throws {
        let service = try service()
        sink.raise("rate-limit:500ms")
        stage.advance(200)
        for item in 1...6 { #expect(service.tryEnqueue(item)) }
        stage.run()
        stage.advance(299)
        #expect(stage.starts.elements.isEmpty && service.pendingCount == 6)
        stage.advance(1)
        #expect(stage.starts.elements == [1, 2, 3, 4])
        #expect(service.notBefore == nil && sink.contains("rate-limit:500ms"))
        stage.open()
    }

    /// D69: the signal is visible for a minute, and delays nobody once its time is over.
    @Test func aSignalThatIsStillVisibleDelaysNoLaterItem() throws {
        let service = try service()
        stage.gate.open()
        sink.raise("rate-limit:500ms")
        stage.advance(500)
        for item in 1...3 {
            #expect(service.tryEnqueue(item))
            stage.run()
        }
        #expect(service.stats.completed == 3)
    }

    @Test(arguments: [true, false])
    func anErrorOfTheBodyHoldsEverythingElseBack(withSink: Bool) throws {
        let service = try AdaptiveRateService<Int>(
            maxConcurrency: 1,
            sink: withSink ? sink : nil,
            options: stage.options()
        ) { [stage] item, _ in
            stage.starts.record(item)
            if item == 1 { throw RateLimitError(retryAfter: .milliseconds(300)) }
        }
        for item in 1...3 { #expect(service.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [1] && service.contains(.name("rate-limit:300ms")))
        stage.advance(299)
        #expect(stage.starts.elements == [1])
        stage.advance(1)
        #expect(stage.starts.elements == [1, 2, 3] && service.stats.failed == 1)
    }

    @Test(arguments: [true, false])
    func aBodyMayEmitALimitAndTakeItBack(withSink: Bool) throws {
        let contexts = Journal<OperationContext>()
        let service = try AdaptiveRateService<Int>(
            maxConcurrency: 1,
            sink: withSink ? sink : nil,
            options: stage.options()
        ) { [stage] item, context in
            stage.starts.record(item)
            contexts.record(context)
            context.emit("rate-limit:1s")
        }
        for item in 1...2 { #expect(service.tryEnqueue(item)) }
        stage.run()
        stage.advance(10)
        #expect(stage.starts.elements == [1])
        #expect(contexts.elements[0].retract("rate-limit:1s"))
        stage.run()
        #expect(stage.starts.elements == [1, 2])
    }

    @Test func aSignalThatIsTakenBackEndsItsLimit() throws {
        let service = try service()
        sink.raise("rate-limit:10s")
        #expect(service.tryEnqueue(1))
        stage.run()
        sink.retract("rate-limit:10s")
        stage.run()
        #expect(stage.starts.elements == [1] && service.notBefore == nil)
        stage.open()
    }

    @Test func ofTwoLimitsTheOneThatEndsLastHolds() throws {
        let service = try service()
        sink.raise("rate-limit:2s")
        stage.advance(100)
        sink.raise("rate-limit:100ms")
        #expect(service.tryEnqueue(1))
        stage.run()
        stage.advance(1_899)
        #expect(stage.starts.elements.isEmpty)
        stage.advance(1)
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func aLimitThatIsRaisedBeforeTheServiceIsMadeCounts() throws {
        sink.raise("rate-limit:500ms")
        stage.advance(400)
        let service = try service()
        #expect(service.tryEnqueue(1))
        stage.run()
        stage.advance(99)
        #expect(stage.starts.elements.isEmpty)
        stage.advance(1)
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func aLongLimitIsNotGivenUpForAnAllowance() throws {
        let service = try service()
        sink.raise("rate-limit:30s")
        #expect(service.tryEnqueue(1))
        stage.run()
        stage.advance(29_999)
        #expect(stage.starts.elements.isEmpty)
        stage.advance(1)
        #expect(stage.starts.elements == [1] && !service.contains(.name("defer.exhausted")))
        stage.open()
    }

    @Test(arguments: ["rate-limit", "rate-limit:soon", "rate-limit:"])
    func aSignalWithoutATimeHoldsEachItemInFrontForASecond(_ signal: String) throws {
        let service = try service()
        sink.raise(signal)
        for item in 1...2 { #expect(service.tryEnqueue(item)) }
        stage.run()
        stage.advance(999)
        #expect(stage.starts.elements.isEmpty)
        stage.advance(1)
        #expect(stage.starts.elements == [1])
        sink.retract(signal)
        stage.run()
        #expect(stage.starts.elements == [1, 2])
        stage.open()
    }

    @Test func callersAreNotHeldBack() throws {
        let service = try service()
        sink.raise("rate-limit:10s")
        let call = stage.call { for item in 1...50 { try await service.process(item) } }
        #expect(!call.isSuspended && service.pendingCount == 50 && service.activeCount == 0)
        stage.advance(10_000)
        stage.open()
        #expect(service.stats.completed == 50)
    }

    @Test func handlersOfTheOptionsAreStillToldOfSignals() throws {
        let told = Journal<String>()
        var options = stage.options()
        options.signals.onSignal = { told.record($0.signal) }
        options.signals.onSignalRetracted = { told.record("-" + $0.signal) }
        let service = try AdaptiveRateService<Int>(options: options) { _, context in
            context.emit("rate-limit:1s")
            context.retract("rate-limit:1s")
        }
        #expect(service.tryEnqueue(1))
        stage.run()
        #expect(told.elements == ["rate-limit:1s", "-rate-limit:1s"])
    }

    @Test func aServiceThatIsShutDownListensNoMore() throws {
        let service = try service()
        let call = stage.call { await service.shutdown() }
        #expect(!call.isSuspended)
        sink.raise("rate-limit:10s")
        #expect(service.notBefore == nil)
    }

    @Test func aLimitOutsideItsRangeIsRefused() {
        #expect(codeThrown { _ = try service(0) } == .invalidArgument)
        #expect(AdaptiveRateService<Int>.defaultOptions.maxTrackedOperations == 100)
    }

    @Test func noScheduleStartsAnItemBeforeTheLimitEnds() async throws {
        try await explore { options, seed in
            let limits = Journal<ContinuousClock.Instant>()
            let tooEarly = Journal<Int>()
            let service = try AdaptiveRateService<Int>(maxConcurrency: 1, options: options) { item, _ in
                let now = options.time.now
                if limits.elements.contains(where: { $0 > now }) { tooEarly.record(item) }
                guard (item + Int(seed)).isMultiple(of: 5) else { return }
                limits.record(now.advanced(by: .milliseconds(item + 1)))
                throw RateLimitError(retryAfter: .milliseconds(item + 1))
            }
            for item in 0..<40 {
                try await service.process(item)
                if item.isMultiple(of: 3) { try await options.time.sleep(for: .milliseconds(1)) }
            }
            try await service.drain()
            let stats = service.stats
            return (tooEarly.count == 0).orElse("too early: \(tooEarly.elements)")
                + (stats.completed == 32 && stats.failed == 8).orElse("\(stats)")
        }
    }
}
