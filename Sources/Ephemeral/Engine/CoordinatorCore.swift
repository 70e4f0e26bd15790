internal import EphemeralTime

/// What all coordinators share, as a pure value: lifecycle, limit, workers, counters, window, start gate and waiters.
///
/// It knows neither items nor their order, no clock and no callbacks. Every event is one mutating function that says what
/// to do after the lock is released. It is not generic, so that the compiled library serves every item type at full speed.
@usableFromInline
struct CoordinatorCore: Sendable {
    /// Whether input is taken and starts are allowed.
    @usableFromInline
    enum Lifecycle: Sendable {
        case open
        /// No more input; what is queued still runs.
        case finished
        /// No more input and no more starts.
        case cancelled
    }

    @usableFromInline var lifecycle = Lifecycle.open
    var isPaused = false
    /// There is no body yet.
    var awaitsBody = false
    /// Present limit of running bodies.
    var limit: Int
    /// Queue length from which `enqueue` suspends; `Int.max` when unbounded.
    @usableFromInline let queueCapacity: Int
    /// Running operations by worker slot.
    var running: [OperationRecord?] = []
    var window: OperationWindow
    @usableFromInline var gate: StartGate
    var alarm: Timestamp?
    var alarmOrders: UInt64 = 0
    /// Identities that were pinned before their operation ended.
    var pinnedEarly: Set<OperationID> = []

    var enqueued = 0
    @usableFromInline var pending = 0
    /// What waits may not start, for reasons of the queue's own.
    @usableFromInline var isBlocked = false
    @usableFromInline var active = 0
    var completed = 0
    var failed = 0
    var cancelled = 0
    @usableFromInline var overflowed = 0
    /// Callers of `enqueue` that wait for room.
    @usableFromInline var waitingProducers = 0

    /// Workers that exist, parked ones included.
    var workers = 0
    var parked: [ParkedWorker] = []
    var freeSlots: [Int] = []
    /// Slots of workers that ended before their task was registered: not free until it is, or it would be taken for the
    /// task of the slot's next worker, which then nobody could cancel.
    var endedUnregistered: [Int] = []
    var tasks: [Task<Void, Never>?] = []
    /// A worker was woken or spawned and has not asked for work yet; until it does, nobody else needs waking.
    var isWakeUnderway = false
    /// The worker that has just returned should leave the queue to the others for a moment.
    var hovers = false
    /// Which worker ended an operation last, and when.
    var lastFinish: (slot: Int, time: Timestamp) = (-1, .distantPast)

    var waiters = Waiters()
    var operationWaiters = OperationWaiters()
    /// Input still comes from a sequence: an empty queue is not the end.
    var hasOpenSource = false
    /// Workers take items from the source themselves.
    var isPulling = false
    var sourceError: (any Error)?
    var sourceTask: Task<Void, Never>?
    /// Whether and how far the sampler has work to do; `nil` when nobody asked for samples.
    var sampling: Sampling?

    /// The state of the task that hands snapshots to `onSample`.
    enum Sampling: Sendable {
        case resting
        case busy
        /// Operations have ended since the sample was taken that is being handed over.
        case behind
    }

    init(limit: Int, queueCapacity: Int?, window: OperationWindow, gate: StartGate) {
        self.limit = limit
        self.queueCapacity = queueCapacity ?? .max
        self.window = window
        self.gate = gate
    }

    var stats: CoordinatorStats {
        CoordinatorStats(
            enqueued: enqueued,
            pending: pending,
            active: active,
            completed: completed,
            failed: failed,
            cancelled: cancelled,
            overflowed: overflowed
        )
    }

    /// Nothing waits and nothing runs.
    var isIdle: Bool {
        pending == 0 && active == 0 && waitingProducers == 0 && (sampling ?? .resting) == .resting
    }

    /// No input will come and nothing is left.
    var isDrained: Bool { lifecycle != .open && isIdle && !hasOpenSource }

    /// Operations have come into the queue.
    @usableFromInline
    mutating func accept(_ count: Int) {
        enqueued &+= count
        pending &+= count
    }
}

/// An accepted operation that waits for its start.
@usableFromInline
struct Ticket: Sendable {
    @usableFromInline let id: OperationID
    let enqueuedAt: Timestamp
}

/// A worker without work, and how to wake it.
@usableFromInline
struct ParkedWorker: Sendable {
    @usableFromInline let slot: Int
    @usableFromInline let continuation: WorkerContinuation

    @usableFromInline
    init(slot: Int, continuation: WorkerContinuation) {
        self.slot = slot
        self.continuation = continuation
    }
}

/// How a body ended.
@usableFromInline
enum BodyOutcome: Sendable {
    case completed
    case failed(any Error)
}
