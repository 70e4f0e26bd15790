public import EphemeralTime
internal import Synchronization

extension WorkEngine {
    /// A change of the state, with everything that follows from it.
    private func change(_ event: (inout WorkState<Queue>, inout Effects?, Timestamp) -> [Item]) {
        let now = base.now
        let (wakeUp, effects, dropped) = withWholeState { state in
            var effects: Effects?
            var dropped = event(&state, &effects, now)
            if state.core.gate.isArmed || state.queue.isRuled {
                reviewLostSignals(&state, now: now)
                dropped += state.dropSkipped(now: now, &effects)
            }
            if !state.producers.isEmpty { state.admitProducers(now: now, isPressed: false, &effects) }
            if state.core.gate.isArmed || state.queue.isRuled { state.watchHead(now: now, &effects) }
            state.core.settle(&effects)
            return (state.wakeUp(now: now), effects, dropped)
        }
        perform(wakeUp)
        if let effects { perform(effects) }
        discard(dropped)
    }

    /// Hands on accepted items that will not run.
    @usableFromInline
    func discard(_ items: [Item]) {
        guard let onDiscard else { return }
        for item in items { onDiscard(item) }
    }

    /// Changes the gate, the limit or what is kept.
    func control(_ event: (inout CoordinatorCore) -> Void) {
        change { state, _, _ in
            event(&state.core)
            return []
        }
    }

    /// Changes the state in a way that drops no items.
    func changeState(_ event: (inout WorkState<Queue>, Timestamp) -> Void) {
        change { state, _, now in
            event(&state, now)
            return []
        }
    }

    /// Closes the intake; callers that wait for room are turned away, and nothing more is taken from a sequence.
    func finish() {
        var refused: [Item] = []
        change { state, effects, _ in
            guard state.core.lifecycle == .open else { return [] }
            state.core.lifecycle = .finished
            closeIntake(&state)
            if let task = state.core.sourceTask { Effects.add(to: &effects) { $0.cancelled = [task] } }
            refused = state.refuseProducers(&effects)
            return []
        }
        withExtendedLifetime(refused) {}
    }

    /// Drops what waits and cancels what runs.
    @usableFromInline
    func cancel() {
        var isChange = false
        var refused: [Item] = []
        change { state, effects, now in
            guard state.core.lifecycle != .cancelled else { return [] }
            isChange = !state.core.isDrained
            state.core.lifecycle = .cancelled
            // Before the queue is dropped: an item that came in between would be counted and never leave.
            closeIntake(&state)
            state.core.hasOpenSource = false
            state.core.isPulling = false
            let tasks = (state.core.tasks + [state.core.sourceTask]).compactMap { $0 }
            Effects.add(to: &effects) { $0.cancelled = tasks }
            refused = state.refuseProducers(&effects)
            return state.discardQueue(now: now, &effects)
        }
        withExtendedLifetime(refused) {}
        base.endAlarms()
        if isChange { base.raiseLifecycle("coordinator.cancelled") }
    }

    /// Takes over what producers have brought, and lets them bring no more: what comes after this must not be accepted, or
    /// somebody would be told that nothing is left while there is.
    ///
    /// Call with the state's lock held.
    private func closeIntake(_ state: inout WorkState<Queue>) {
        intake.withLock { intake in
            intake.isOpen = false
            takeOver(&state, &intake)
        }
    }

    /// An arrival has to be brought to a worker, or held back if signals say so.
    @inlinable
    func findWorker() {
        let now = base.now
        attend(withWholeState { $0.wakeUpUnlessRuled(now: now) })
    }

    /// Brings a worker to an arrival, or looks at all rules if signals have to be considered.
    @inlinable
    func attend(_ wakeUp: WakeUp?) {
        guard let wakeUp else { return lookAtRules() }
        perform(wakeUp)
    }

    /// Decides anew what may start.
    @usableFromInline
    func lookAtRules() { control { _ in } }

    @inlinable
    func perform(_ wakeUp: WakeUp) {
        switch wakeUp {
        case .nothing: break
        case .resume(let continuation): continuation.resume()
        case .spawn(let slot): startWorker(slot: slot)
        }
    }

    @usableFromInline
    func perform(_ effects: Effects) {
        let list = effects.list
        for continuation in list.retired { continuation.resume() }
        for continuation in list.admitted { continuation.resume() }
        for continuation in list.turnedAway { continuation.resume(throwing: RouteRefusal()) }
        for continuation in list.refused { continuation.resume(throwing: CoordinatorError.completed) }
        for continuation in list.ready { continuation.resume() }
        for (continuation, record) in list.ended { continuation.resume(returning: record) }
        for tag in list.announced { tag.announceEnd() }
        for task in list.cancelled { task.cancel() }
        if let order = list.alarm { carryOut(order) }
        if list.sampleIsDue { startSampling() }
        if list.admissionIsDue { admitSoon() }
        if let exhausted = list.exhausted {
            _ = emit("defer.exhausted", by: exhausted, slot: -1, key: nil, cause: nil)
            base.options.observer?.deferralExhausted(exhausted)
        }
        guard let observer = base.options.observer else { return }
        for id in list.discarded { observer.operationDiscarded(id) }
        for record in list.evicted { observer.operationFinalized(record.snapshot(wallOffset: base.wallOffset)) }
    }

    @usableFromInline
    func startWorker(slot: Int) {
        let task = base.spawnWorker(slot: slot) { [self] in await runWorker(self, slot) }
        if state.withLock({ $0.core.register(task, slot: slot) }) { task.cancel() }
    }

    @inlinable
    func park(slot: Int) async {
        await WorkerContinuation.suspend { continuation in
            let worker = ParkedWorker(slot: slot, continuation: continuation)
            let now = base.now
            let (waits, effects) = withWholeState { state in
                var effects: Effects?
                return (state.park(worker, now: now, &effects), effects)
            }
            if let effects { perform(effects) }
            if !waits { continuation.resume() }
        }
    }

    private func carryOut(_ order: Effects.AlarmOrder) {
        let task = order.due.map { due in
            base.spawner.spawn("Ephemeral alarm") { [self] in
                do { try await base.time.source.sleep(until: due.instant) } catch { return }
                control { $0.alarm = nil }
            }
        }
        base.replaceAlarm(task, order: order.number)
    }

    /// Lets callers that wait for room in after a few turns of the executor, together with those that come meanwhile.
    @usableFromInline
    func admitSoon() {
        base.spawner.spawn("Ephemeral admission") { [self] in
            for _ in 0..<WorkerPace.turnsOfAdmission { await Task.yield() }
            changeState { state, _ in state.isAdmissionUnderway = false }
        }
    }

    /// Hands snapshots to `onSample` until none has ended since the last: a slow sampler sees fewer of them and holds
    /// nobody up, and the last operation is always seen.
    private func startSampling() {
        guard let onSample = base.options.onSample else { return }
        base.spawner.spawn("Ephemeral sampler") { [self] in
            while true {
                onSample(snapshots { _ in true })
                var isDone = false
                control { core in
                    isDone = core.sampling != .behind
                    core.sampling = isDone ? .resting : .busy
                }
                if isDone { return }
            }
        }
    }
}
