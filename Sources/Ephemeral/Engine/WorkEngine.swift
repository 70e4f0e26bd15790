public import DequeModule
public import EphemeralTime
public import Synchronization

/// The moving part of a first-in, first-out coordinator: carries out the state's decisions on worker tasks.
///
/// Workers hold the engine, the coordinator holds it too, and the engine holds neither; so a coordinator that is dropped
/// can cancel its workers. The few functions that an item passes through on its way are inlinable: compiled for the
/// item's type in the client they are several times as fast as unspecialised code (see the `Decisions`).
@usableFromInline
final class WorkEngine<Item: Sendable>: Sendable {
    @usableFromInline typealias Body = @Sendable (Item, OperationContext) async throws -> Void

    @usableFromInline let intake: Mutex<Intake<Item>>
    @usableFromInline let state: Mutex<WorkState<Item>>
    @usableFromInline let base: EngineBase
    @usableFromInline let source: PullSource<Item>?
    @usableFromInline let body: Body
    /// What gets accepted items that will not run.
    let onDiscard: (@Sendable (Item) -> Void)?
    /// The worker loop as the client compiled it.
    @usableFromInline let runWorker: @Sendable (WorkEngine, Int) async -> Void

    @inlinable
    convenience init(
        core: CoordinatorCore,
        base: EngineBase,
        source: PullSource<Item>? = nil,
        onDiscard: (@Sendable (Item) -> Void)? = nil,
        body: @escaping Body
    ) {
        self.init(core: core, base: base, source: source, onDiscard: onDiscard, body: body) { engine, slot in
            await engine.work(slot: slot)
        }
    }

    @usableFromInline
    init(
        core: CoordinatorCore,
        base: EngineBase,
        source: PullSource<Item>?,
        onDiscard: (@Sendable (Item) -> Void)?,
        body: @escaping Body,
        runWorker: @escaping @Sendable (WorkEngine, Int) async -> Void
    ) {
        intake = Mutex(Intake(room: core.queueCapacity))
        state = Mutex(WorkState(core: core))
        self.base = base
        self.source = source
        self.onDiscard = onDiscard
        self.body = body
        self.runWorker = runWorker
    }

    // Intake

    @inlinable
    func enqueue(_ item: Item) async throws -> OperationID {
        try Task.checkCancellation()
        let entry = QueueEntry(item: item, ticket: base.ticket())
        switch intake.withLock({ $0.append(entry) }) {
        case .accepted: break
        case .acceptedAndWanted: findWorker()
        case .unclear: try await enqueueWhenThereIsRoom(entry)
        case .closed: throw CoordinatorError.completed
        }
        return entry.ticket.id
    }

    @inlinable
    func tryEnqueue(_ item: Item) -> OperationID? {
        let entry = QueueEntry(item: item, ticket: base.ticket())
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
        var finished: BodyOutcome?
        var hasArrived = true
        var pace = WorkerPace()
        while true {
            let now = base.now
            let turn = takeTurn(slot: slot, hasArrived: hasArrived, finished: finished, now: now)
            finished = nil
            hasArrived = false
            if case .nothing = turn.wakeUp {} else { perform(turn.wakeUp) }
            if let effects = turn.effects { perform(effects) }
            if !turn.dropped.isEmpty { discard(turn.dropped) }
            switch turn.next {
            case .run:
                guard let entry = turn.entry else { preconditionFailure("an operation starts without its item") }
                let context = OperationContext(id: entry.ticket.id, host: self, slot: slot)
                if base.emitsLifecycle { context.emit("atom.start") }
                do {
                    try await body(entry.item, context)
                    finished = .completed
                } catch {
                    finished = .failed(error)
                }
                if base.emitsLifecycle { context.emit("atom.stop") }
                if pace.isTimeToYield(at: now) { await Task.yield() }
            case .refill:
                if source?.refill(intake, base: base, unless: hasQueuedItems) != true { sourceEnded() }
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

    /// What a worker gets when it asks for work.
    @usableFromInline
    struct Turn: Sendable {
        @usableFromInline var next: NextStep
        @usableFromInline var entry: QueueEntry<Item>?
        @usableFromInline var wakeUp: WakeUp
        @usableFromInline var effects: Effects?
        /// Items that were dropped: kept until the lock is released.
        @usableFromInline var dropped: [Item]

        @inlinable
        init(
            next: NextStep,
            entry: QueueEntry<Item>?,
            wakeUp: WakeUp,
            effects: Effects?,
            dropped: [Item]
        ) {
            self.next = next
            self.entry = entry
            self.wakeUp = wakeUp
            self.effects = effects
            self.dropped = dropped
        }
    }

    @inlinable
    func takeTurn(slot: Int, hasArrived: Bool, finished: BodyOutcome?, now: Timestamp) -> Turn {
        state.withLock { state in
            var effects: Effects?
            var dropped: [Item] = []
            state.core.workerReturned(slot: slot, hasArrived: hasArrived, finished: finished, now: now, &effects)
            if state.queue.isEmpty { intake.withLock { state.absorb(&$0) } }
            if state.core.gate.isArmed {
                reviewLostSignals(&state, now: now)
                dropped = state.dropSkipped(now: now, &effects)
            }
            let head = state.queue.first?.ticket
            let next = state.core.nextStep(slot: slot, head: head, now: now, &effects)
            var entry: QueueEntry<Item>?
            if case .run = next { entry = state.queue.popFirst() }
            if !state.producers.isEmpty { state.admitProducers(now: now, isPressed: true, &effects) }
            if state.queue.isEmpty { expectArrivals(&state, now: now) }
            if state.core.gate.isArmed { state.watchHead(now: now, &effects) }
            let wakeUp = state.core.wakeUp(now: now)
            return Turn(next: next, entry: entry, wakeUp: wakeUp, effects: effects, dropped: dropped)
        }
    }

    /// Makes the next arrival look for a worker if there would be one for it.
    ///
    /// Call with the state's lock held.
    @inlinable
    func expectArrivals(_ state: inout WorkState<Item>, now: Timestamp) {
        intake.withLock { intake in
            if !intake.entries.isEmpty { state.absorb(&intake) }
            intake.wantsWakeUp = state.core.wantsArrivals(now: now)
        }
    }
}
