import EphemeralTesting
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct OptionsTests {
    @Test func defaultsAreTheDocumentedOnes() {
        let options = EphemeralOptions()
        #expect(options.maxConcurrency == ProcessorCount.available)
        #expect(options.maxConcurrency >= 1)
        #expect(!options.enableDynamicConcurrency)
        #expect(options.queueCapacity == 4096)
        #expect(options.maxTrackedOperations == 200)
        #expect(options.maxOperationLifetime == .seconds(300))
        #expect(options.signals.maxDeferAttempts == 50)
        #expect(options.signals.deferCheckInterval == .milliseconds(100))
        #expect(!options.signals.emitLifecycleSignals)
        #expect(options.signals.sink == nil)
        #expect(options.signals.cancelOn.isEmpty && options.signals.deferOn.isEmpty && options.signals.resumeOn.isEmpty)
    }

    /// A change of the options, with the word that the message has to hold when it is refused.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let apply: @Sendable (inout EphemeralOptions) -> Void

        init(_ name: String, _ apply: @escaping @Sendable (inout EphemeralOptions) -> Void) {
            testDescription = name
            self.apply = apply
        }
    }

    @Test(arguments: [
        Change("maxConcurrency") { $0.maxConcurrency = 0 },
        Change("maxConcurrency") { $0.maxConcurrency = -3 },
        Change("queueCapacity") { $0.queueCapacity = 0 },
        Change("queueCapacity") { $0.queueCapacity = .min },
        Change("maxTrackedOperations") { $0.maxTrackedOperations = -1 },
        Change("maxOperationLifetime") { $0.maxOperationLifetime = .zero },
        Change("maxOperationLifetime") { $0.maxOperationLifetime = .seconds(-1) },
        Change("maxDeferAttempts") { $0.signals.maxDeferAttempts = -1 },
        Change("deferCheckInterval") { $0.signals.deferCheckInterval = .zero },
        Change("maxConcurrentSignalHandlers") { $0.signals.maxConcurrentSignalHandlers = 0 },
        Change("maxQueuedSignals") { $0.signals.maxQueuedSignals = -1 },
    ])
    func anOptionOutOfRangeThrowsAndIsNamed(_ change: Change) {
        var options = EphemeralOptions()
        change.apply(&options)
        let error = #expect(throws: CoordinatorError.self) {
            try WorkCoordinator<Int>(options: options) { _ in }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(change.testDescription) == true)
    }

    @Test(arguments: [
        Change("one of everything") {
            $0.maxConcurrency = 1
            $0.queueCapacity = 1
            $0.maxTrackedOperations = 0
        },
        Change("no bounds") {
            $0.maxConcurrency = .max
            $0.queueCapacity = nil
            $0.maxTrackedOperations = .max
            $0.maxOperationLifetime = nil
            $0.signals.maxDeferAttempts = nil
        },
        Change("the longest times") {
            $0.maxOperationLifetime = .seconds(Int64.max)
            $0.signals.maxDeferAttempts = .max
            $0.signals.deferCheckInterval = .seconds(Int64.max)
        },
    ])
    func theEndsOfTheRangesWork(_ change: Change) async throws {
        var options = EphemeralOptions()
        change.apply(&options)
        let coordinator = try WorkCoordinator<Int>(options: options) { _ in }
        try await coordinator.enqueue(contentsOf: 1...10)
        try await coordinator.drain()
        #expect(coordinator.stats.completed == 10)
    }

    @Test(
        arguments: [
            (50, Duration.milliseconds(100), 5_000_000_000),
            (0, .seconds(1), 0),
            (nil, .seconds(1), nil),
            (.max, .seconds(1), .max),
        ] as [(Int?, Duration, Int64?)]
    )
    func theAllowanceIsAttemptsTimesInterval(_ attempts: Int?, _ interval: Duration, _ allowance: Int64?) {
        var options = EphemeralOptions()
        options.signals.maxDeferAttempts = attempts
        options.signals.deferCheckInterval = interval
        #expect(options.deferralAllowance == allowance)
    }

    @Test func errorsCompareByCodeAndSayWhatHappened() {
        let error = CoordinatorError(code: .drainTimeout, message: "late", underlyingError: Failure(number: 2))
        #expect(error == CoordinatorError(code: .drainTimeout, message: "other"))
        #expect(error != CoordinatorError(code: .completed, message: "late"))
        #expect(error.description == "drainTimeout: late (because of: Failure(number: 2))")
    }
}
