public import EphemeralTime
internal import Synchronization

/// What an engine needs besides its state and does not depend on the type of its items.
@usableFromInline
final class EngineBase: Sendable {
    let options: EphemeralOptions
    let time: FastTimeSource
    let spawner: TaskSpawner
    @usableFromInline let wallOffset: Duration
    /// Who runs the asynchronous signal handlers of the options; `nil` when there are none.
    let notices: HandlerPool<SignalNotice>?
    /// The signals that close the intake; `nil` when there are none, as for calls that wait for items of their own.
    let drainRequests: DrainRequests?
    let subscriptions = Mutex<[SignalSubscription]>([])
    @usableFromInline let emitsLifecycle: Bool
    private let alarm = Mutex<(order: UInt64, task: Task<Void, Never>?)>((0, nil))
    private let lastWaiter = Atomic<UInt64>(0)

    @usableFromInline
    init(options: EphemeralOptions, inheritsContext: Bool = false) {
        self.options = options
        time = FastTimeSource(options.time)
        spawner = TaskSpawner(executor: options.executor, inheritsContext: inheritsContext)
        wallOffset = options.time.wallOffset
        emitsLifecycle = options.signals.emitLifecycleSignals
        drainRequests = inheritsContext ? nil : DrainRequests(options)
        notices = options.signals.notices(time: time, spawner: spawner)
    }

    deinit { endAlarms() }

    @usableFromInline var now: Timestamp { time.now }

    /// The identity of an operation that arrives now.
    @usableFromInline
    func ticket() -> Ticket { Ticket(id: .next(), enqueuedAt: time.now) }

    @usableFromInline
    func ticket(at now: Timestamp) -> Ticket { Ticket(id: .next(), enqueuedAt: now) }

    /// A number for a caller that waits.
    @usableFromInline
    func nextWaiter() -> UInt64 { lastWaiter.wrappingAdd(1, ordering: .relaxed).newValue }

    // Signals

    /// Whether a rule looks at signals of this name.
    func rulesConcern(_ signal: String) -> Bool {
        let signals = options.signals
        return signals.cancelOn.matches(signal) || signals.deferOn.matches(signal) || signals.resumeOn.matches(signal)
    }

    /// Raises a signal about the coordinator itself, where the options ask for it.
    func raiseLifecycle(_ signal: String) {
        guard emitsLifecycle else { return }
        let event = SignalEvent(
            signal: signal,
            operationID: .next(),
            key: options.coordinatorId,
            time: now,
            wallOffset: wallOffset.clampedNanoseconds
        )
        report(event)
    }

    /// Puts a task, or none, in the place of the alarm, unless a later order has been carried out before.
    func replaceAlarm(_ task: Task<Void, Never>?, order: UInt64) {
        let superseded = alarm.withLock { alarm in
            guard order > alarm.order else { return task }
            defer { alarm = (order, task) }
            return alarm.task
        }
        superseded?.cancel()
    }

    /// Ends the alarm for good.
    func endAlarms() { replaceAlarm(nil, order: .max) }

    // Tasks

    /// Whether the current task is a worker of this engine, or a child of one: it must not wait for room in the queue
    /// that it is there to empty.
    @usableFromInline var isAncestor: Bool { Self.ancestors.contains(ObjectIdentifier(self)) }

    @TaskLocal private static var ancestors: [ObjectIdentifier] = []

    func spawnWorker(slot: Int, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        spawner.spawn("Ephemeral worker \(slot)") { [self] in
            await Self.$ancestors.withValue(Self.ancestors + [ObjectIdentifier(self)], operation: work)
        }
    }
}

extension CoordinatorCore {
    /// The core of a coordinator with these options.
    ///
    /// - Throws: ``CoordinatorError`` when an option is outside its range.
    @usableFromInline
    init(_ options: EphemeralOptions) throws {
        try options.validate()
        self.init(
            limit: options.maxConcurrency,
            queueCapacity: options.queueCapacity,
            window: OperationWindow(
                capacity: options.maxTrackedOperations,
                lifetime: options.maxOperationLifetime,
                reportsEvictions: options.observer != nil,
                echo: options.echo
            ),
            gate: StartGate(allowance: options.deferralAllowance)
        )
        sampling = options.onSample == nil ? nil : .resting
    }
}

/// What a worker knows of its bodies: when to let other tasks have its thread, and whether they are short.
///
/// Bodies that never suspend would keep the thread for as long as there is work. Yielding may wake another thread, which costs as much as a hundred short operations; hence not more often than once in
/// a millisecond.
@usableFromInline
struct WorkerPace {
    private var nextYield = Timestamp.distantPast
    private var bodyStart = Timestamp.distantFuture
    private var turnsUntilMeasured = 0
    /// Whether the body that was measured last took less than a microsecond.
    @usableFromInline private(set) var hasShortBodies = false

    @usableFromInline init() {}

    /// How many turns of the executor callers that wait for room are collected.
    static var turnsOfAdmission: Int { 16 }

    /// How many turns of the executor a worker lets pass that leaves the queue to others.
    @usableFromInline static var turnsOfHovering: Int { 32 }

    /// Whether this body is to be measured: reading the clock costs as much as a tenth of a short operation.
    @usableFromInline
    mutating func isTimeToMeasure() -> Bool {
        turnsUntilMeasured -= 1
        guard turnsUntilMeasured < 0 else { return false }
        turnsUntilMeasured = 31
        return true
    }

    @usableFromInline
    mutating func bodyStarts(at now: Timestamp) { bodyStart = now }

    @usableFromInline
    mutating func bodyEnded(at now: Timestamp) {
        guard bodyStart != .distantFuture else { return }
        hasShortBodies = bodyStart.advanced(byNanoseconds: 1000) > now
        bodyStart = .distantFuture
    }

    @usableFromInline
    mutating func isTimeToYield(at now: Timestamp) -> Bool {
        guard now >= nextYield else { return false }
        defer { nextYield = now.advanced(byNanoseconds: 1_000_000) }
        return nextYield != .distantPast
    }
}
