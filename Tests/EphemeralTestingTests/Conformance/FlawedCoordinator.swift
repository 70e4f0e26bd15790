import Ephemeral
import EphemeralTesting
import EphemeralTime
import Synchronization

/// A work coordinator with one deliberate flaw.
final class FlawedCoordinator: Coordinator {
    private struct Memory {
        var isPaused = false
        var isFinished = false
        var cancellations = 0
        var lateFinishes = 0
        var firstSnapshot: [OperationSnapshot]?
    }

    private let flaw: Flaw
    private let options: EphemeralOptions
    private let inner: WorkCoordinator<Int>
    private let memory = Mutex(Memory())

    init(_ flaw: Flaw, options: EphemeralOptions, body: @escaping CoordinatorConformance.Body) throws {
        self.flaw = flaw
        self.options = options
        let victim = Victim()
        inner = try WorkCoordinator(options: flaw.spoil(options), body: flaw.spoil(body, victim: victim))
        if flaw == .errorsCloseIt { victim.set(inner) }
    }

    func enqueue(_ item: Int) async throws {
        switch flaw {
        case .runsSomeTwice where item.isMultiple(of: 7):
            try await inner.enqueue(item)
            try await inner.enqueue(item)
        case .acceptsSilently: _ = try? await inner.enqueue(item)
        case .enqueueForgetsItsTask:
            let inner = inner
            try await Task.detached(executorPreference: options.executor) { _ = try await inner.enqueue(item) }.value
        case .finishForgetsCallers:
            if isFinished { throw CoordinatorError(code: .completed, message: "finished") }
            try await inner.enqueue(item)
        default: try await inner.enqueue(item)
        }
    }

    // Flow

    func pause() {
        memory.withLock { $0.isPaused = true }
        switch flaw {
        case .pauseDoesNothing: break
        case .pauseNeedsARunningBody: if inner.activeCount > 0 { inner.pause() }
        default: inner.pause()
        }
    }

    func resume() {
        memory.withLock { $0.isPaused = false }
        if flaw != .resumeStartsNothing { inner.resume() }
    }

    var isPaused: Bool { memory.withLock { $0.isPaused } }

    func finish() {
        memory.withLock { memory in
            memory.isFinished = true
            if memory.cancellations > 0 { memory.lateFinishes += 1 }
        }
        switch flaw {
        case .finishDropsTheQueue: inner.cancel()
        case .finishForgetsCallers: break
        default: inner.finish()
        }
    }

    var isFinished: Bool { inner.isFinished || memory.withLock { $0.isFinished } }

    // The end

    func drain() async throws {
        switch flaw {
        case .drainDoesNotWait: finish()
        case .emptyDrainHangs where inner.stats.enqueued == 0: try await Gate().wait()
        case .drainAfterCancelThrows where memory.withLock({ $0.cancellations > 0 }): throw CancellationError()
        case .drainEndsPauses:
            inner.resume()
            try await inner.drain()
        case .drainForgetsItsTask:
            let inner = inner
            try await Task.detached(executorPreference: options.executor) { try await inner.drain() }.value
        default: try await inner.drain()
        }
    }

    func drain(timeout: Duration) async throws {
        switch flaw {
        case .drainIgnoresItsTimeout: try await inner.drain()
        case .drainTakesAllItsTime:
            inner.finish()
            try await options.time.sleep(for: timeout)
            try await inner.drain()
        default: try await inner.drain(timeout: timeout)
        }
    }

    func waitUntilIdle() async throws {
        switch flaw {
        case .idleCloses: try await inner.drain()
        case .idleSpins: while !Task.isCancelled { await Task.yield() }
        case .idleForgetsItsTask:
            let inner = inner
            try await Task.detached(executorPreference: options.executor) { try await inner.waitUntilIdle() }.value
        default: try await inner.waitUntilIdle()
        }
    }

    var isDrained: Bool { flaw == .drainedTooSoon ? inner.isFinished : inner.isDrained }

    func cancel() {
        memory.withLock { $0.cancellations += 1 }
        switch flaw {
        case .cancelKeepsTheQueue: inner.finish()
        case .cancelOfAPausedOneWaits where inner.isPaused: inner.finish()
        default: inner.cancel()
        }
    }

    func shutdown() async {
        switch flaw {
        case .shutdownDoesNotWait: inner.cancel()
        case .shutdownIsShortened:
            inner.cancel()
            try? await inner.drain()
        case .emptyShutdownHangs where inner.stats.enqueued == 0: await Gate().waitIgnoringCancellation()
        default: await inner.shutdown()
        }
    }

    // Limit

    var currentMaxConcurrency: Int { inner.currentMaxConcurrency }

    func setMaxConcurrency(_ limit: Int) throws {
        switch flaw {
        case .neverShrinks where limit > 0: try inner.setMaxConcurrency(max(limit, inner.currentMaxConcurrency))
        case .neverGrows where limit > 0: try inner.setMaxConcurrency(min(limit, inner.currentMaxConcurrency))
        case .repairsLimits: try inner.setMaxConcurrency(max(1, limit))
        case .limitIsFixedDuringBodies where inner.activeCount > 0: throw CancellationError()
        default: try inner.setMaxConcurrency(limit)
        }
    }

    // What is visible

    var stats: CoordinatorStats {
        var stats = inner.stats
        let (cancellations, lateFinishes) = memory.withLock { ($0.cancellations, $0.lateFinishes) }
        switch flaw {
        case .countsRunningOnesTwice: stats.enqueued += stats.active
        case .cancelCountsAgain where cancellations > 1: stats.cancelled += 1
        case .finishCountsAgain: stats.cancelled += lateFinishes
        default: break
        }
        return stats
    }

    func snapshot() -> [OperationSnapshot] {
        switch flaw {
        case .hidesRunningOnes: return Array(inner.snapshot().suffix(options.maxTrackedOperations))
        case .lifetimeBeginsAtTheStart:
            let now = options.time.now
            return inner.snapshot().filter { operation in
                guard let lifetime = options.maxOperationLifetime, let start = operation.startedAt else { return true }
                return start.duration(to: now) < lifetime
            }
        case .snapshotsAreStale:
            let snapshot = inner.snapshot()
            return memory.withLock { memory in
                if memory.firstSnapshot == nil { memory.firstSnapshot = snapshot }
                return memory.firstSnapshot ?? []
            }
        default: return inner.snapshot()
        }
    }

    func operations(in selection: OperationSelection) -> [OperationSnapshot] {
        switch (flaw, selection) {
        case (.selectionsOverlap, .completed): inner.operations(in: .finished)
        case (.hidesRunningOnes, .running): inner.operations(in: .running).suffix(options.maxTrackedOperations)
        default: inner.operations(in: selection)
        }
    }

    func pin(_ id: OperationID) -> Bool { flaw == .pinsDoNothing ? true : inner.pin(id) }

    func unpin(_ id: OperationID) -> Bool { inner.unpin(id) }

    func evict(_ id: OperationID) -> Bool { flaw == .evictAlwaysSaysYes ? true : inner.evict(id) }

    func signals(_ query: SignalQuery) -> [SignalEvent] { inner.signals(query) }
}

/// The coordinator that a flawed body acts on.
final class Victim: Sendable {
    private let storage = Mutex<WorkCoordinator<Int>?>(nil)

    func set(_ coordinator: WorkCoordinator<Int>?) { storage.withLock { $0 = coordinator } }

    /// Closes its intake, once.
    func finish() {
        let coordinator = storage.withLock { storage in
            defer { storage = nil }
            return storage
        }
        coordinator?.finish()
    }
}
