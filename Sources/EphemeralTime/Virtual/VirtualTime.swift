internal import Synchronization

/// A clock that jumps and an executor that runs one job at a time, in an order drawn from a seed.
///
/// Code that takes its time from a ``TimeSource`` and runs on a given executor runs on it unchanged: hours pass in
/// milliseconds, the same seed gives the same run, and other seeds give other interleavings.
///
/// ```swift
/// let time = VirtualTime(seed: 7)
/// let total = try await time.run {
///     try await withThrowingTaskGroup(of: Int.self) { group in
///         for number in 1...3 {
///             group.addTask {
///                 try await time.sleep(for: .seconds(3600))
///                 return number
///             }
///         }
///         return try await group.reduce(0, +)
///     }
/// }
/// // total == 6, time.report.elapsed == .seconds(3600)
/// ```
///
/// Everything must stay inside: child tasks do, and so do default actors; `Task {}` and `Task.detached {}` do not
/// without `executorPreference`, nor do `MainActor`, `Task.sleep` and Dispatch. A run that is reached from outside ends,
/// and then fails and names who did it; a task outside that never touches virtual time cannot be seen.
///
/// **Ordering**: among the jobs that are ready any may be next, whatever their priority; sleepers with the same deadline
/// become ready together. The clock moves only when nothing is ready: code takes no time. Deadlines are rounded up to
/// whole nanoseconds.
public final class VirtualTime: TaskExecutor, TimeSource {
    let schedule: Mutex<VirtualSchedule>
    private let start: ContinuousClock.Instant
    private let startWallTime: WallTime
    private let isTracing: Bool
    let arrivals = OutsideArrivals()

    /// Creates a clock that shows its first instant, and an executor without jobs.
    ///
    /// - Parameters:
    ///   - seed: What the choices among ready jobs are drawn from.
    ///   - traceLength: How many of the latest steps the report tells; none by default, because it slows a run down.
    ///   - start: The first instant.
    ///   - wallTime: The wall time that belongs to it; 2026-01-01T00:00:00Z by default.
    public init(
        seed: UInt64 = 0,
        traceLength: Int = 0,
        startingAt start: ContinuousClock.Instant = ContinuousClock().systemEpoch.advanced(by: .seconds(1_000_000)),
        wallTime: WallTime = WallTime(sinceUnixEpoch: .seconds(1_767_225_600))
    ) {
        let first = Timestamp(start)
        self.start = first.instant
        startWallTime = wallTime
        isTracing = traceLength > 0
        schedule = Mutex(VirtualSchedule(seed: seed, start: first, traceLength: traceLength))
    }

    /// What has happened so far; reading it from outside is not an escape.
    public var report: VirtualRunReport { schedule.withLock { $0.report } }

    /// The present instant.
    public var now: ContinuousClock.Instant {
        let thread = ThreadIdentity.current
        let (now, isOutside) = schedule.withLock { ($0.now, $0.isOutside(thread)) }
        if isOutside { note(.clockReading) }
        return now.instant
    }

    /// The wall time that belongs to an instant: it runs with the clock.
    public func wallTime(at instant: ContinuousClock.Instant) -> WallTime {
        WallTime(sinceUnixEpoch: startWallTime.sinceUnixEpoch + start.duration(to: instant))
    }

    /// Suspends until the clock shows `deadline`; one that has passed only lets others be next.
    ///
    /// A deadline 292 years from the clock's epoch, or later, never comes.
    ///
    /// **Cancellation**: throws `CancellationError`.
    public func sleep(until deadline: ContinuousClock.Instant) async throws {
        let thread = ThreadIdentity.current
        let (ticket, isOutside) = schedule.withLock { ($0.reserveSleeper(), $0.isOutside(thread)) }
        if isOutside { note(.sleep) }
        try await withTaskCancellationHandler {
            try await SleeperContinuation.suspend { continuation in
                let isAsleep = schedule.withLock { $0.fallAsleep(ticket, until: deadline.roundedUp, continuation) }
                if !isAsleep { continuation.cancel() }
                // The thread of the run may be waiting for somebody to come from outside.
                if isOutside { arrivals.signal() }
            }
        } onCancel: {
            schedule.withLock { $0.cancelSleeper(ticket) }?.cancel()
        }
    }

    /// Makes a job ready; the runtime calls this.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The job cannot run, and be gone, before it is enqueued: it can be described until then.
        let step = isTracing ? VirtualStep(job: job.description) : nil
        let thread = ThreadIdentity.current
        let isInside = schedule.withLock { schedule in
            guard !schedule.isOutside(thread) else { return false }
            schedule.enqueue(job, step: step)
            return true
        }
        guard !isInside else { return }
        note(.resumption, job: job.description)
        schedule.withLock { $0.enqueue(job, step: step) }
        arrivals.signal()
    }

    /// Blocks the thread of the run, from within a step, until something comes from outside.
    ///
    /// - Parameter patience: How long to wait, in real time.
    /// - Returns: Whether something came.
    package func waitForOutside(atMost patience: Duration) -> Bool {
        arrivals.wait(atMost: patience)
    }

    private func note(_ kind: VirtualEscape.Kind, job: String? = nil) {
        let escape = VirtualEscape(kind: kind, job: job)
        schedule.withLock { $0.note(escape) }
    }
}

extension ContinuousClock.Instant {
    /// The first whole nanosecond that is not before the instant.
    fileprivate var roundedUp: Timestamp {
        let rounded = Timestamp(self)
        return rounded.instant < self ? rounded.advanced(byNanoseconds: 1) : rounded
    }
}

extension VirtualEscape {
    /// By the calling task; the schedule adds when.
    fileprivate init(kind: Kind, job: String?) {
        let source =
            Task.name.map { "task '\($0)'" }
            ?? "a task without a name, or none: Task.sleep, a timer, Dispatch, another executor or a plain thread"
        self.init(kind: kind, job: job, source: source, step: 0, elapsed: .zero)
    }
}

extension VirtualStep {
    /// Made ready by the calling task; the schedule adds when it ran.
    fileprivate init(job: String) {
        let cause =
            Task.name.map { "task '\($0)'" } ?? "a task without a name, the end of one, the clock or another executor"
        self.init(number: 0, elapsed: .zero, job: job, cause: cause)
    }
}
