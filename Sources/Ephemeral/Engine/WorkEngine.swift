public import DequeModule
public import EphemeralTime
public import Synchronization

/// The moving part of a coordinator: carries out the state's decisions on worker tasks.
///
/// Workers hold the engine, the coordinator holds it too, and the engine holds neither; so a coordinator that is dropped
/// can cancel its workers. The few functions that an item passes through on its way are inlinable: compiled for the
/// item's type in the client they are several times as fast as unspecialised code (see the `Decisions`).
@usableFromInline
final class WorkEngine<Queue: WorkQueue>: Sendable {
    @usableFromInline typealias Item = Queue.Item
    @usableFromInline typealias Body = @Sendable (Item, OperationContext) async throws -> Void

    @usableFromInline let intake: Mutex<Intake<Queue.Entry>>
    @usableFromInline let state: Mutex<WorkState<Queue>>
    @usableFromInline let base: EngineBase
    @usableFromInline let source: PullSource<Queue>?
    @usableFromInline let body: Body
    /// What gets accepted items that will not run.
    let onDiscard: (@Sendable (Item) -> Void)?
    /// The worker loop as the client compiled it.
    @usableFromInline let runWorker: @Sendable (WorkEngine, Int) async -> Void
    /// Takes over what producers have brought, likewise.
    @usableFromInline let takeOver: @Sendable (inout WorkState<Queue>, inout Intake<Queue.Entry>) -> Void

    @inlinable
    convenience init(
        core: CoordinatorCore,
        queue: Queue,
        base: EngineBase,
        source: PullSource<Queue>? = nil,
        onDiscard: (@Sendable (Item) -> Void)? = nil,
        body: @escaping Body
    ) {
        self.init(
            core: core,
            queue: queue,
            base: base,
            source: source,
            onDiscard: onDiscard,
            body: body,
            runWorker: { engine, slot in await engine.work(slot: slot) },
            takeOver: { state, intake in state.absorb(&intake) }
        )
    }

    @usableFromInline
    init(
        core: CoordinatorCore,
        queue: Queue,
        base: EngineBase,
        source: PullSource<Queue>?,
        onDiscard: (@Sendable (Item) -> Void)?,
        body: @escaping Body,
        runWorker: @escaping @Sendable (WorkEngine, Int) async -> Void,
        takeOver: @escaping @Sendable (inout WorkState<Queue>, inout Intake<Queue.Entry>) -> Void
    ) {
        intake = Mutex(Intake(room: queue.room(capacity: core.queueCapacity)))
        state = Mutex(WorkState(core: core, queue: queue))
        self.base = base
        self.source = source
        self.onDiscard = onDiscard
        self.body = body
        self.runWorker = runWorker
        self.takeOver = takeOver
    }

    // Intake

    @inlinable
    func enqueue(_ item: Item, route: Queue.Route) async throws -> OperationID {
        try Task.checkCancellation()
        let entry = QueueEntry(item: item, route: route, ticket: base.ticket())
        if try !isAdmitted(entry) { try await enqueueWhenThereIsRoom(entry) }
        return entry.ticket.id
    }

    /// Hands an item to the intake.
    ///
    /// - Returns: Whether it was taken; if not, the whole queue has to be looked at.
    @inlinable
    func isAdmitted(_ entry: Queue.Entry) throws -> Bool {
        switch intake.withLock({ $0.append(entry) }) {
        case .accepted: return true
        case .acceptedAndWanted:
            findWorker()
            return true
        case .unclear: return false
        case .closed: throw CoordinatorError.completed
        }
    }

    /// Adds items until one is refused.
    @inlinable
    func enqueue(
        contentsOf items: some Sequence<Item>,
        route: (_ item: Item) -> Queue.Route
    ) async throws -> Int {
        var count = 0
        for item in items {
            do {
                _ = try await enqueue(item, route: route(item))
            } catch let error as CoordinatorError where error.code == .completed {
                return count
            }
            count += 1
        }
        return count
    }

    @inlinable
    func tryEnqueue(_ item: Item, route: Queue.Route) -> OperationID? {
        let entry = QueueEntry(item: item, route: route, ticket: base.ticket())
        switch intake.withLock({ $0.append(entry) }) {
        case .accepted: break
        case .acceptedAndWanted: findWorker()
        case .unclear: return tryEnqueueWithSecondLook(entry)
        case .closed: return nil
        }
        return entry.ticket.id
    }

    // Workers

    @inlinable
    func work(slot: Int) async {
        var finished: Finished?
        var hasArrived = true
        var pace = WorkerPace()
        while true {
            let now = base.now
            pace.bodyEnded(at: now)
            let turn = takeTurn(
                slot: slot,
                hasArrived: hasArrived,
                finished: finished,
                hasShortBodies: pace.hasShortBodies,
                now: now
            )
            if let finished { Queue.announceEnd(finished.claim) }
            finished = nil
            hasArrived = false
            if case .nothing = turn.wakeUp {} else { perform(turn.wakeUp) }
            if let effects = turn.effects { perform(effects) }
            if !turn.dropped.isEmpty { discard(turn.dropped) }
            switch turn.next {
            case .run:
                guard let entry = turn.entry, let claim = turn.claim else {
                    preconditionFailure("an operation starts without its item")
                }
                let context = OperationContext(id: entry.ticket.id, host: self, slot: slot, tag: turn.tag)
                if base.emitsLifecycle { context.emit("atom.start") }
                if pace.isTimeToMeasure() { pace.bodyStarts(at: base.now) }
                do {
                    try await body(entry.item, context)
                    finished = Finished(outcome: .completed, claim: claim)
                } catch {
                    finished = Finished(outcome: .failed(error), claim: claim)
                }
                if base.emitsLifecycle { context.emit("atom.stop") }
                if pace.isTimeToYield(at: now) { await Task.yield() }
            case .refill:
                if source?.refill(intake, base: base, unless: hasEnoughItems) != true { sourceEnded() }
            case .hover:
                for _ in 0..<WorkerPace.turnsOfHovering { await Task.yield() }
                hasArrived = true
            case .park:
                await park(slot: slot)
                hasArrived = true
            case .retire:
                return
            }
        }
    }

    /// An operation that has ended.
    @usableFromInline
    struct Finished: Sendable {
        @usableFromInline let outcome: BodyOutcome
        @usableFromInline let claim: Queue.Claim

        @inlinable
        init(outcome: BodyOutcome, claim: Queue.Claim) {
            self.outcome = outcome
            self.claim = claim
        }
    }

    /// What a worker gets when it asks for work.
    @usableFromInline
    struct Turn: Sendable {
        @usableFromInline var next: NextStep
        /// What starts, apart from its parts in ``Started``: an optional of that whole is copied by run-time type layout.
        @usableFromInline var entry: Queue.Entry?
        @usableFromInline var claim: Queue.Claim?
        @usableFromInline var tag: (any OperationTag)?
        @usableFromInline var wakeUp: WakeUp
        @usableFromInline var effects: Effects?
        /// Items that were dropped: kept until the lock is released.
        @usableFromInline var dropped: [Item]

        @inlinable
        init(
            next: NextStep,
            entry: Queue.Entry?,
            claim: Queue.Claim?,
            tag: (any OperationTag)?,
            wakeUp: WakeUp,
            effects: Effects?,
            dropped: [Item]
        ) {
            self.next = next
            self.entry = entry
            self.claim = claim
            self.tag = tag
            self.wakeUp = wakeUp
            self.effects = effects
            self.dropped = dropped
        }
    }

    @inlinable
    func takeTurn(
        slot: Int,
        hasArrived: Bool,
        finished: Finished?,
        hasShortBodies: Bool,
        now: Timestamp
    ) -> Turn {
        state.withLock { state in
            var effects: Effects?
            var dropped: [Item] = []
            let outcome = finished?.outcome
            state.core.workerReturned(
                slot: slot,
                hasArrived: hasArrived,
                finished: outcome,
                hasShortBodies: hasShortBodies,
                now: now,
                &effects
            )
            if let finished { state.queue.release(finished.claim) }
            if state.queue.wantsArrivals { intake.withLock { state.absorb(&$0) } }
            if state.core.gate.isArmed || state.queue.isRuled {
                reviewLostSignals(&state, now: now)
                dropped = state.dropSkipped(now: now, &effects)
            }
            let head = state.queue.next(now: now)
            let next = state.core.nextStep(slot: slot, head: head?.ticket, now: now, &effects)
            var entry: Queue.Entry?
            var claim: Queue.Claim?
            var tag: (any OperationTag)?
            if case .run = next, let head {
                let started = state.queue.start(head, now: now)
                if started.tag != nil || started.isOverdue {
                    state.core.noteStart(slot: slot, tag: started.tag, isOverdue: started.isOverdue, &effects)
                }
                entry = started.entry
                claim = head.claim
                tag = started.tag
            }
            if !state.producers.isEmpty { state.admitProducers(now: now, isPressed: true, &effects) }
            let isBlocked = state.queue.next(now: now) == nil
            state.noteBlocked(isBlocked)
            if isBlocked { expectArrivals(&state, now: now) }
            if state.core.gate.isArmed || state.queue.isRuled { state.watchHead(now: now, &effects) }
            let wakeUp = state.core.wakeUp(now: now)
            return Turn(
                next: next,
                entry: entry,
                claim: claim,
                tag: tag,
                wakeUp: wakeUp,
                effects: effects,
                dropped: dropped
            )
        }
    }

    /// Makes the next arrival look for a worker if there would be one for it.
    ///
    /// Call with the state's lock held, when nothing that waits may start.
    @inlinable
    func expectArrivals(_ state: inout WorkState<Queue>, now: Timestamp) {
        intake.withLock { intake in
            if !intake.entries.isEmpty {
                state.absorb(&intake)
                state.noteBlocked(now: now)
            }
            intake.wantsWakeUp = state.wantsArrivals(now: now)
        }
    }
}
