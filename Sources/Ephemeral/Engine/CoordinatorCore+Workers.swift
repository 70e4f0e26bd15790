public import EphemeralTime

/// What has to be done, after the lock is released, so that queued work gets a worker.
@usableFromInline
enum WakeUp: Sendable {
    case nothing
    case resume(WorkerContinuation)
    case spawn(slot: Int)
}

/// What a worker is to do next.
@usableFromInline
enum NextStep: Sendable {
    /// Run the head of the queue.
    case run
    /// Take items from the source, then ask again.
    case refill
    /// Stay out of the way of other workers for a moment, then ask again.
    case hover
    /// Wait until woken.
    case park
    /// End.
    case retire
}

extension CoordinatorCore {
    /// A worker is back: it was woken, or its operation has ended.
    @usableFromInline
    mutating func workerReturned(
        slot: Int,
        hasArrived: Bool,
        finished: BodyOutcome?,
        hasShortBodies: Bool = false,
        now: Timestamp,
        _ effects: inout Effects?
    ) {
        if hasArrived { isWakeUnderway = false }
        hovers = false
        guard let finished else { return }
        guard var record = running[slot].take() else {
            preconditionFailure("a worker finished without having started")
        }
        active -= 1
        record.completedAt = now
        switch finished {
        case .completed:
            completed &+= 1
            record.state = .completed
        case .failed(let error) where lifecycle == .cancelled && error is CancellationError:
            cancelled += 1
            record.state = .cancelled
        case .failed(let error):
            failed += 1
            record.state = .failed
            record.setError(error)
        }
        hovers = hasShortBodies && meetsOther(slot, now: now)
        lastFinish = (slot, now)
        if !operationWaiters.isEmpty { deliver(record, &effects) }
        _ = record.tag?.hasEnded(record)
        retain(record, now: now)
        if sampling != nil { requestSample(&effects) }
    }

    private mutating func requestSample(_ effects: inout Effects?) {
        if sampling == .resting {
            sampling = .busy
            Effects.add(to: &effects) { $0.sampleIsDue = true }
        } else {
            sampling = .behind
        }
    }

    /// Whether a worker takes turns with another one: it should leave the queue to the other for a moment if bodies are
    /// short.
    ///
    /// They are over faster than the lock and the queue change processors, so that two workers that take turns get less
    /// done than one. The worker that hovers counts as on its way: it is back within a few dozen turns of the executor, and
    /// takes over what waits if the other is held up.
    private func meetsOther(_ slot: Int, now: Timestamp) -> Bool {
        !isWakeUnderway && active > 0 && lastFinish.slot != slot
            && lastFinish.time.advanced(byNanoseconds: 5000) > now
    }

    /// A worker asks for work; `head` is what it would get.
    ///
    /// - Returns: What it does. When it runs the head, the operation counts as started.
    @usableFromInline
    mutating func nextStep(slot: Int, head: Ticket?, now: Timestamp, _ effects: inout Effects?) -> NextStep {
        guard let head, workers <= limit, canStart(now: now) else {
            if head == nil, isPulling, wantsRefill, workers <= limit, canStart(now: now) { return .refill }
            return endTurn(slot: slot, &effects)
        }
        if hovers {
            isWakeUnderway = true
            return .hover
        }
        if gate.isArmed, gate.headLeft(now: now) {
            Effects.add(to: &effects) { $0.exhausted = head.id }
        }
        running[slot] = OperationRecord(id: head.id, enqueuedAt: head.enqueuedAt, startedAt: now)
        pending -= 1
        active += 1
        if !window.evicted.isEmpty { reportEvicted(&effects) }
        return .run
    }

    /// Keeps what only some operations have: a key, a lane's signals in spite of which they start.
    @usableFromInline
    mutating func noteStart(slot: Int, tag: (any OperationTag)?, isOverdue: Bool, _ effects: inout Effects?) {
        running[slot]?.tag = tag
        if isOverdue, let id = running[slot]?.id { Effects.add(to: &effects) { $0.exhausted = id } }
    }

    /// Whether an operation would start now, signals aside.
    var hasFreeSlot: Bool { !isPaused && !awaitsBody && active < limit }

    /// Whether operations may start, slots aside.
    private func canStart(now: Timestamp) -> Bool {
        !isPaused && !awaitsBody && lifecycle != .cancelled && !(gate.isArmed && gate.isClosed(now: now))
    }

    /// Whether a worker that finds nothing to do has to end rather than wait.
    var retiresIdleWorkers: Bool {
        workers > limit || lifecycle == .cancelled || (lifecycle == .finished && pending == 0 && !hasOpenSource)
    }

    private mutating func endTurn(slot: Int, _ effects: inout Effects?) -> NextStep {
        let retires = retiresIdleWorkers
        if retires {
            workers -= 1
            if tasks[slot] == nil {
                endedUnregistered.append(slot)
            } else {
                freeSlots.append(slot)
                tasks[slot] = nil
            }
        }
        settle(&effects)
        return retires ? .retire : .park
    }

    /// Whether the next arrival has to be looked at: there is a worker to wake for it, or it will be a head that is held
    /// back and needs an alarm.
    @usableFromInline
    func wantsArrivals(now: Timestamp) -> Bool {
        hasWorkerToWake(now: now) || (gate.isArmed && (pending == 0 || isBlocked) && gate.isDeferring(now: now))
    }

    private func hasWorkerToWake(now: Timestamp) -> Bool {
        !isWakeUnderway && active < limit && canStart(now: now) && (!parked.isEmpty || workers < limit)
    }

    /// Finds a worker for the head of the queue if it may start and nobody is on the way to it already.
    @usableFromInline
    mutating func wakeUp(now: Timestamp) -> WakeUp {
        guard hasHead, hasWorkerToWake(now: now) else { return .nothing }
        isWakeUnderway = true
        if let worker = parked.popLast() { return .resume(worker.continuation) }
        workers += 1
        if let slot = freeSlots.popLast() { return .spawn(slot: slot) }
        running.append(nil)
        tasks.append(nil)
        return .spawn(slot: running.count - 1)
    }

    /// The first worker of an engine that pulls its items.
    mutating func beginPulling() -> WakeUp {
        isPulling = true
        hasOpenSource = true
        isWakeUnderway = true
        workers += 1
        running.append(nil)
        tasks.append(nil)
        return .spawn(slot: running.count - 1)
    }

    /// A worker is about to wait.
    ///
    /// - Returns: Whether it waits; if not, something has come up since its turn.
    @usableFromInline
    mutating func park(_ worker: ParkedWorker, now: Timestamp) -> Bool {
        if retiresIdleWorkers || (hasHead && active < limit && canStart(now: now)) { return false }
        parked.append(worker)
        return true
    }

    /// A worker's task exists; the worker may have ended already.
    ///
    /// - Returns: Whether it must be cancelled at once.
    mutating func register(_ task: Task<Void, Never>, slot: Int) -> Bool {
        if let index = endedUnregistered.firstIndex(of: slot) {
            endedUnregistered.remove(at: index)
            freeSlots.append(slot)
        } else {
            tasks[slot] = task
        }
        return lifecycle == .cancelled
    }

    /// Hands an ended operation to everybody who waits for it, before it can leave the window.
    private mutating func deliver(_ record: OperationRecord, _ effects: inout Effects?) {
        let continuations = operationWaiters.end(record)
        guard !continuations.isEmpty else { return }
        Effects.add(to: &effects) { list in list.ended += continuations.map { ($0, record) } }
    }

    private mutating func retain(_ record: consuming OperationRecord, now: Timestamp) {
        if !pinnedEarly.isEmpty, pinnedEarly.remove(record.id) != nil { record.isPinned = true }
        window.append(record, now: now)
    }

    /// An operation leaves the queue without having run.
    @usableFromInline
    mutating func discard(
        _ ticket: Ticket,
        tag: (any OperationTag)? = nil,
        skippedBy signal: String?,
        now: Timestamp,
        _ effects: inout Effects?
    ) {
        pending -= 1
        cancelled += 1
        var record = OperationRecord(id: ticket.id, enqueuedAt: ticket.enqueuedAt)
        record.completedAt = now
        record.state = signal == nil ? .cancelled : .skipped
        record.tag = tag
        if let signal { record.setSkippedBy(signal) }
        if !operationWaiters.isEmpty { deliver(record, &effects) }
        if let tag, tag.hasEnded(record) { Effects.add(to: &effects) { $0.announced.append(tag) } }
        retain(record, now: now)
    }
}
