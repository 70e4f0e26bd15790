import EphemeralTesting
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct KeyedCoordinatorTests {
    let stage = Stage()

    /// Items are numbers; their key is the number of tens.
    private func coordinator(
        _ maxConcurrency: Int = 4,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> KeyedWorkCoordinator<Int, Int> {
        var options = stage.options(maxConcurrency)
        configure(&options)
        return try KeyedWorkCoordinator(options: options, key: { $0 / 10 }) {
            [starts = stage.starts, gate = stage.gate] item in
            starts.record(item)
            try await gate.wait()
        }
    }

    @Test func aBusyKeyHoldsNoPlaceThatAnotherCouldUse() throws {
        let coordinator = try coordinator(2)
        for item in [10, 11, 12, 13, 20, 30] { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [10, 20])
        #expect(coordinator.pendingCount(for: 1) == 3)
        stage.release()
        #expect(stage.starts.elements == [10, 20, 11])
        stage.open()
        #expect(stage.starts.elements.sorted() == [10, 11, 12, 13, 20, 30])
        #expect(stage.starts.elements.filter { $0 < 20 } == [10, 11, 12, 13])
    }

    @Test func anArrivalOfAnotherKeyStartsAtOnceBesideAnExhaustedKey() throws {
        let coordinator = try coordinator(4)
        for item in [10, 11, 12] { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [10])
        #expect(coordinator.tryEnqueue(20))
        stage.run()
        #expect(stage.starts.elements == [10, 20])
        stage.open()
        #expect(coordinator.stats.completed == 4)
    }

    @Test func soManyOfAKeyRunAsTheOptionsSay() throws {
        let coordinator = try coordinator(4) { $0.keys.maxConcurrencyPerKey = 2 }
        for item in [10, 11, 12, 20] { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [10, 11, 20])
        stage.open()
        #expect(stage.starts.elements == [10, 11, 20, 12])
    }

    @Test func readyKeysAreServedInTheOrderOfArrival() throws {
        let coordinator = try coordinator(1)
        for item in [10, 11, 20, 12, 30] { #expect(coordinator.tryEnqueue(item)) }
        stage.open()
        #expect(stage.starts.elements == [10, 11, 20, 12, 30])
    }

    @Test func withFairSchedulingKeysTakeTurns() throws {
        let coordinator = try coordinator(1) { $0.keys.enableFairScheduling = true }
        for item in [10, 11, 12, 20, 21, 30] { #expect(coordinator.tryEnqueue(item)) }
        stage.open()
        #expect(stage.starts.elements == [10, 20, 30, 11, 21, 12])
    }

    @Test func aKeyThatArrivesDuringABacklogGetsItsTurn() throws {
        let coordinator = try coordinator(1) { $0.keys.enableFairScheduling = true }
        for item in 10...19 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(coordinator.tryEnqueue(20))
        stage.release(2)
        #expect(stage.starts.elements == [10, 20, 11])
        stage.open()
    }

    @Test func fairSchedulingRefusesAtTheThresholdAndCountsWhatWaitsOnly() throws {
        let coordinator = try coordinator(1) {
            $0.keys.enableFairScheduling = true
            $0.keys.fairSchedulingThreshold = 2
        }
        #expect(coordinator.tryEnqueue(10))
        stage.run()
        #expect([11, 12, 13, 20].map { coordinator.tryEnqueue($0) } == [true, true, false, true])
        let patient = stage.call { try await coordinator.enqueue(14) }
        #expect(patient.hasSucceeded)
        #expect(coordinator.pendingCount(for: 1) == 3)
        stage.open()
        #expect(coordinator.pendingCount(for: 1) == 0)
        #expect(coordinator.tryEnqueue(15))
    }

    @Test func theKeyIsAskedForOncePerItemAndOutsideTheLock() throws {
        let asked = Journal<Int>()
        let coordinator = Journal<KeyedWorkCoordinator<Int, Int>>()
        let own = try KeyedWorkCoordinator<Int, Int>(
            options: stage.options(),
            key: { item in
                asked.record(item)
                return coordinator.elements.first?.stats.pending ?? 0
            },
            body: { _ in }
        )
        coordinator.record(own)
        for item in 1...3 { #expect(own.tryEnqueue(item)) }
        stage.run()
        #expect(asked.elements == [1, 2, 3])
        #expect(own.stats.completed == 3)
    }

    @Test func distinctKeysWithEqualTextAreDistinct() throws {
        let starts = stage.starts
        let coordinator = try KeyedWorkCoordinator<SameText, Int>(
            options: stage.options(4),
            key: { SameText(number: $0) },
            body: { [gate = stage.gate] item in
                starts.record(item)
                try await gate.wait()
            }
        )
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(starts.count == 3)
        stage.open()
        #expect(coordinator.snapshot(for: SameText(number: 2)).count == 1)
        #expect(coordinator.snapshot().allSatisfy { $0.key == "same" })
    }

    private struct SameText: Hashable, CustomStringConvertible {
        var number: Int
        var description: String { "same" }
    }

    @Test func nothingIsKeptOfIdleKeys() throws {
        let coordinator = try coordinator(4) { $0.queueCapacity = nil }
        for item in 0..<50_000 { #expect(coordinator.tryEnqueue(item * 10)) }
        stage.open()
        #expect(coordinator.stats.completed == 50_000)
        #expect(coordinator.engine.withWholeState { $0.queue.keys.count } == 0)
        #expect(coordinator.engine.withWholeState { $0.queue.keys.states.capacity } <= 2048)
        #expect(coordinator.engine.withWholeState { $0.queue.lines[0].nodes.capacity } <= 2048)
    }

    @Test func signalsOfAKeyAreFoundByTheKey() throws {
        let coordinator = try KeyedWorkCoordinator<Int, Int>(options: stage.options(), key: { $0 / 10 }) {
            item,
            context in
            context.emit("seen.\(item)")
        }
        for item in [10, 20, 11] { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(coordinator.signals(for: 1).map(\.signal) == ["seen.10", "seen.11"])
        #expect(coordinator.signals().allSatisfy { $0.key == ($0.signal == "seen.20" ? "2" : "1") })
    }

    @Test func cancellationDropsWhatWaitsOfAllKeys() throws {
        let discarded = Journal<Int>()
        let coordinator = try KeyedWorkCoordinator<Int, Int>(
            options: stage.options(1),
            key: { $0 / 10 },
            onDiscard: { discarded.record($0) },
            body: { [gate = stage.gate] _, _ in try await gate.wait() }
        )
        for item in [10, 20, 11, 30] { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        coordinator.cancel()
        stage.run()
        #expect(discarded.elements == [20, 11, 30])
        #expect(coordinator.stats.cancelled == 4)
        #expect(coordinator.isDrained)
    }

    @Test func aFullQueueLetsCallersInInOrder() throws {
        let coordinator = try coordinator(1) { $0.queueCapacity = 1 }
        let calls = [10, 20, 30, 40].map { item in stage.call { try await coordinator.enqueue(item) } }
        #expect(calls.map(\.isSuspended) == [false, false, true, true])
        stage.open()
        #expect(stage.starts.elements == [10, 20, 30, 40])
    }

    @Test func deferralHoldsBackAnArrivalBesideABusyKey() throws {
        let sink = SignalSink(time: stage.time)
        let coordinator = try coordinator(4) { options in
            options.signals.sink = sink
            options.signals.deferOn = ["busy"]
            options.signals.maxDeferAttempts = 1
            options.signals.deferCheckInterval = .milliseconds(10)
        }
        for item in [10, 11] { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        sink.raise("busy")
        #expect(coordinator.tryEnqueue(20))
        stage.run()
        #expect(stage.starts.elements == [10])
        stage.time.advance(by: .milliseconds(10))
        stage.run()
        #expect(stage.starts.elements == [10, 20])
        stage.open()
    }

    @Test(arguments: [(0, 10), (1, 0), (-1, 10)])
    func badKeyOptionsAreRefused(_ perKey: Int, _ threshold: Int) {
        var options = EphemeralOptions()
        options.keys.maxConcurrencyPerKey = perKey
        options.keys.fairSchedulingThreshold = threshold
        #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) {
            try KeyedWorkCoordinator<Int, Int>(options: options, key: { $0 }) { _ in }
        }
    }

    @Test func aSequenceFeedsKeysAndABusyKeyDoesNotStopIt() async throws {
        let gate = Gate()
        let ended = Journal<Int>()
        let summary = try await [1, 1, 1, 2, 3].forEach(options: EphemeralOptions(maxConcurrency: 2), key: { $0 }) {
            element,
            _ in
            // The hot key waits until the others have ended, which they only can if it does not block them.
            if element == 1, ended.elements.isEmpty { try await gate.wait() }
            ended.record(element)
            if element == 3 { gate.open() }
        }
        #expect(summary.completed == 5)
        #expect(ended.elements.prefix(2) == [2, 3])
    }

    @Test func aHotKeyIsTakenOnlySoFarAhead() async throws {
        let taken = Journal<Int>()
        let gate = Gate()
        let run = Task {
            try await Counting(1...1000, taken).forEach(options: EphemeralOptions(maxConcurrency: 4), key: { _ in 0 }) {
                _,
                _ in try await gate.wait()
            }
        }
        try await gate.arrivals(1)
        #expect(taken.count <= 130)
        gate.open()
        #expect(try await run.value.completed == 1000)
    }
}
