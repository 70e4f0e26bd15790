internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// Runs stored jobs with the processors of a manager, a bounded number at a time.
///
/// ```swift
/// let worker = try ProcessingWorker(manager, options: WorkerOptions(maxWorkers: 16, queues: ["mails"]))
/// try await worker.start()
/// // …
/// await worker.stop()
/// ```
///
/// Every job is held under a lease, which signs of life extend for as long as the worker lives; when the worker is lost, the
/// lease runs out and another worker gets the job. A worker whose lease was lost cancels the processor and discards its
/// result.
///
/// **Ordering**: jobs are claimed by priority, then in the order in which they were stored.
///
/// **Cancellation**: a cancelled ``run()`` stops without grace.
public final class ProcessingWorker: Sendable {
    /// The identity under which it is shown; a new one at each start of a process.
    public let id: WorkerID
    /// Whose processors and store it uses.
    public let manager: ProcessingManager
    /// How it behaves.
    public let options: WorkerOptions
    let state = Mutex(WorkerState())
    /// Rung when a place becomes free, and at the end.
    let bell = WorkBell()
    private let tasks = Mutex<(run: Task<Void, Never>?, fetch: Task<Void, Never>?)>((nil, nil))

    /// Creates a worker; it claims nothing before it is started.
    ///
    /// - Parameters:
    ///   - manager: Whose processors and store it uses.
    ///   - options: How it behaves.
    ///   - id: The identity under which it is shown.
    /// - Throws: ``ProcessingError`` with code `invalidArgument` when an option is outside its range.
    public init(
        _ manager: ProcessingManager,
        options: WorkerOptions = WorkerOptions(),
        id: WorkerID = .next()
    ) throws {
        try options.validate()
        self.manager = manager
        self.options = options
        self.id = id
    }

    /// Starts to claim and run jobs, in a task of its own; does nothing when it is started already.
    ///
    /// - Throws: ``ProcessingError`` with code `closed` when it was stopped; make a new one.
    public func start() throws {
        try tasks.withLock { tasks in
            if tasks.run != nil { return }
            try begin()
            tasks.run = manager.tasks.spawn("Processing worker") { await self.work() }
        }
    }

    /// Claims and runs jobs until ``stop(grace:)``, or until its task is cancelled.
    ///
    /// **Cancellation**: stops without grace, hands jobs back and returns.
    ///
    /// - Throws: ``ProcessingError`` with code `closed` when it was started or stopped before.
    public func run() async throws {
        try begin()
        await withTaskCancellationHandler {
            await work()
        } onCancel: {
            requestStop(grace: .zero)
        }
    }

    /// Begins to stop as ``stop(grace:)`` does, and does not wait for the end; for handlers of signals.
    ///
    /// - Parameter grace: How long running jobs may go on; that of the options by default.
    public func requestStop(grace: Duration? = nil) {
        let end = manager.time.now.advanced(by: grace ?? options.grace)
        if state.withLock({ $0.stop(until: end) }) { manager.raise("worker.stopping") }
        bell.ring()
        tasks.withLock { $0.fetch }?.cancel()
    }

    /// Claims nothing more, lets running jobs go on for the grace, and hands back what is left.
    ///
    /// Jobs that are handed back lose no attempt. May be called again, with a shorter grace to make the end come sooner.
    ///
    /// **Cancellation**: has no effect; to hurry, call it again.
    ///
    /// - Parameter grace: How long running jobs may go on; that of the options by default.
    public func stop(grace: Duration? = nil) async {
        requestStop(grace: grace)
        while true {
            let ticket = bell.ticket
            if state.withLock({ $0.lifecycle == .stopped }) { return }
            // A caller whose task is cancelled waits all the same.
            await manager.tasks.spawn("Processing stop") { [bell] in try? await bell.wait(after: ticket) }.value
        }
    }

    /// What it has done.
    public var stats: WorkerStats { state.withLock { $0.stats } }

    /// How it is; never waits for the store.
    public var health: WorkerHealth {
        let now = manager.time.now
        return state.withLock { state in
            WorkerHealth(
                isRunning: state.lifecycle == .running,
                held: state.held.count,
                sinceLastAnswer: state.lastAnswer.map { $0.duration(to: now) },
                problem: state.problem,
                stats: state.stats
            )
        }
    }

    private func begin() throws {
        guard state.withLock({ $0.start(queues: options.queues ?? ["default"]) }) else {
            throw ProcessingError(code: .closed, message: "the worker was started or stopped before; make a new one")
        }
    }

    /// Everything from the start to the end.
    private func work() async {
        manager.raise("worker.started")
        let coordinator: WorkCoordinator<ClaimedJob>
        do {
            coordinator = try WorkCoordinator(options: coordinatorOptions) { [self] job in await attempt(job) }
        } catch {
            // The options were checked when the worker was made.
            preconditionFailure("the options of a worker make no coordinator: \(error)")
        }
        let loops = [
            manager.vitalSigns.spawn("Processing heartbeat") { await self.sendHeartbeats() },
            manager.tasks.spawn("Processing maintenance") { await self.maintain() },
        ]
        let fetch = manager.tasks.spawn("Processing claims") { await self.claimJobs(into: coordinator) }
        tasks.withLock { $0.fetch = fetch }
        if state.withLock({ $0.isStopping }) { fetch.cancel() }
        await fetch.value
        await windDown(coordinator)
        for loop in loops { loop.cancel() }
        for loop in loops { await loop.value }
        manager.raise("worker.stopped")
        state.withLock { $0.end() }
        bell.ring()
    }

    private var coordinatorOptions: EphemeralOptions {
        var options = EphemeralOptions(maxConcurrency: self.options.maxWorkers)
        options.queueCapacity = nil
        options.maxTrackedOperations = 0
        options.signals.obeysDrainRequests = false
        options.time = manager.time
        options.executor = manager.options.executor
        return options
    }
}
