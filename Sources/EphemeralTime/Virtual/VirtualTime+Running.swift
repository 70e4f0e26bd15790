internal import Dispatch
internal import Synchronization

extension VirtualTime {
    /// Runs a body, and everything that it causes, in virtual time.
    ///
    /// Returns when the body has ended and nothing is ready any more; whoever still sleeps then goes on in the next run.
    /// The body inherits the caller's task-local values. The jobs run on a thread of their own, and the caller's thread
    /// is free meanwhile.
    ///
    /// **Cancellation**: cancels the body, at a point in virtual time that depends on the machine.
    ///
    /// - Parameters:
    ///   - limits: When to give up.
    ///   - body: What runs.
    /// - Returns: What the body returned.
    /// - Throws: What the body threw, or ``VirtualTimeError``: a deadlock, a step that blocks, too many steps, an event
    ///   from outside. If the body had not ended, its tasks stay where they are, and no further run is possible.
    @discardableResult
    public func run<Success: Sendable>(
        limits: VirtualRunLimits = VirtualRunLimits(),
        _ body: @escaping @Sendable @concurrent () async throws -> Success
    ) async throws -> Success {
        try limits.validate()
        try schedule.withLock { schedule throws(VirtualTimeError) in try schedule.begin(limits) }
        let task = Task(name: "virtual time", executorPreference: self) { [self] in
            defer { schedule.withLock { $0.finishBody() } }
            return try await body()
        }
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                VirtualDriver(time: self, limits: limits, cancelBody: { task.cancel() }, caller: caller).start()
            }
        } onCancel: {
            schedule.withLock { $0.requestCancellation() }
            arrivals.signal()
        }
        guard var failure else { return try await task.value }
        if failure.code == .escaped, schedule.withLock({ $0.isBodyFinished }),
            case .failure(let error) = await task.result
        {
            failure.underlyingError = error
        }
        throw failure
    }
}

/// The thread of one run, and the watchdog beside it.
final class VirtualDriver: Sendable {
    private let time: VirtualTime
    private let limits: VirtualRunLimits
    private let cancelBody: @Sendable () -> Void
    private let caller: Mutex<CheckedContinuation<VirtualTimeError?, Never>?>

    init(
        time: VirtualTime,
        limits: VirtualRunLimits,
        cancelBody: @escaping @Sendable () -> Void,
        caller: CheckedContinuation<VirtualTimeError?, Never>
    ) {
        self.time = time
        self.limits = limits
        self.cancelBody = cancelBody
        self.caller = Mutex(caller)
    }

    /// Runs the jobs on a thread of their own; the caller is resumed when the run is over or given up.
    func start() {
        DispatchQueue(label: "virtual time").async { [self] in
            let watchdog = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "virtual time's watchdog"))
            let interval = limits.stepTimeout.dispatchInterval
            watchdog.schedule(deadline: .now() + interval, repeating: interval)
            watchdog.setEventHandler { [self] in
                if let failure = time.schedule.withLock({ $0.watch() }) { end(failure) }
            }
            watchdog.resume()
            let failure = drive()
            watchdog.cancel()
            end(failure)
        }
    }

    private func drive() -> VirtualTimeError? {
        let thread = ThreadIdentity.current
        time.schedule.withLock { $0.startDriving(on: thread) }
        let executor = unsafe time.asUnownedTaskExecutor()
        while true {
            switch time.schedule.withLock({ $0.nextTurn() }) {
            // Each job is taken out of the schedule before it runs, so that it runs once, as its executor promises.
            case .run(let job): unsafe job.runSynchronously(on: executor)
            case .wake(let sleeper): sleeper.wake()
            case .cancelBody: cancelBody()
            case .end(let failure): return failure
            case .awaitOutside:
                guard !time.arrivals.wait(atMost: limits.idleTimeout) else { continue }
                if let failure = time.schedule.withLock({ $0.endWaiting() }) { return failure }
            }
        }
    }

    /// Tells the caller; the second time, after the watchdog did, there is nobody left to tell.
    private func end(_ failure: VirtualTimeError?) {
        let caller = caller.withLock { $0.take() }
        caller?.resume(returning: failure)
    }
}
