internal import DequeModule
internal import EphemeralTime
internal import Synchronization

extension WorkEngine: EngineHandle {
    func withCore<Result: Sendable>(_ read: (CoordinatorCore) -> Result) -> Result {
        state.withLock { read($0.core) }
    }

    func withWholeCore<Result: Sendable>(_ read: (CoordinatorCore) -> Result) -> Result {
        withWholeState { read($0.core) }
    }

    /// Snapshots of visible and running operations.
    func snapshots(where predicate: (OperationRecord) -> Bool) -> [OperationSnapshot] {
        records(where: predicate).map { $0.snapshot(wallOffset: base.wallOffset) }
    }

    func setPinned(_ id: OperationID, _ isPinned: Bool) -> Bool {
        var isKnown = false
        changeState { state, now in
            let isQueued = state.queue.contains(id)
            isKnown = state.core.setPinned(id, isPinned, isQueued: isQueued, now: now)
        }
        return isKnown
    }

    func evict(_ id: OperationID) -> Bool {
        var isKnown = false
        changeState { state, now in isKnown = state.core.window.evict(id, now: now) }
        return isKnown
    }

    /// What is left of operations that have left the window.
    func echoes() -> [OperationEcho] {
        let now = base.now
        return withWholeState { state in
            state.core.window.trim(now: now)
            state.core.window.echoes?.trim(now: now)
            return state.core.window.echoes?.values(wallOffset: base.wallOffset) ?? []
        }
    }

    func setPaused(_ isPaused: Bool) {
        var isChange = false
        control { core in
            isChange = core.isPaused != isPaused
            core.isPaused = isPaused
        }
        if isChange { base.raiseLifecycle(isPaused ? "coordinator.paused" : "coordinator.resumed") }
    }

    /// Closes the intake, unless a sequence feeds it, whose end does.
    func finishUnlessSourced() {
        if state.withLock({ $0.core.hasOpenSource }) { return }
        finish()
    }

    /// Waits until all workers have ended, and a limited time for the handlers of their signals.
    func join() async {
        base.endAlarms()
        do {
            try await wait(for: .joined)
        } catch {
            // The caller was cancelled, before or meanwhile, and still has to wait: shutting down means that nothing is
            // left behind. A task of its own, which nobody cancels, waits on.
            await base.spawner.spawn("Ephemeral shutdown") { try? await self.wait(for: .joined) }.value
        }
        await base.endNotices()
    }

    /// Takes items from a sequence until it ends.
    func consume<Source: AsyncSequence & Sendable>(
        _ source: Source,
        route: @escaping @Sendable (Item) -> Queue.Route
    ) where Source.Element == Item {
        state.withLock { $0.core.hasOpenSource = true }
        let task = base.spawner.spawn("Ephemeral source") { [self] in
            var failure: (any Error)?
            do {
                for try await item in source { _ = try await enqueue(item, route: route(item)) }
            } catch let error as CoordinatorError where error.code == .completed {
                failure = nil
            } catch {
                failure = error is CancellationError && Task.isCancelled ? nil : error
            }
            closeSource(error: failure)
        }
        state.withLock { $0.core.sourceTask = task }
    }

    /// Starts the first worker of an engine that pulls its items; it wakes others as long as there are items.
    func beginPulling() {
        perform(withWholeState { $0.core.beginPulling() })
    }

    /// Whether workers have no use for more items of the source now.
    @usableFromInline
    func hasEnoughItems() -> Bool {
        withWholeState { state in
            state.noteBlocked(now: base.now)
            return !state.core.wantsRefill
        }
    }

    /// The sequence that workers pull from has ended.
    @usableFromInline
    func sourceEnded() {
        control { core in
            core.isPulling = false
            core.hasOpenSource = false
        }
        finish()
    }

    private func closeSource(error: (any Error)?) {
        control { core in
            core.hasOpenSource = false
            core.sourceError = error
        }
        finish()
    }
}
