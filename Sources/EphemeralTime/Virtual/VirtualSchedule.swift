/// The guarded state of virtual time: who is ready, who sleeps, what the clock shows, and what comes next.
struct VirtualSchedule: Sendable {
    /// What the thread that runs the jobs does next.
    enum Turn: Sendable {
        case run(UnownedJob)
        case wake(SleeperContinuation)
        case cancelBody
        /// Nothing can happen from inside.
        case awaitOutside
        case end(VirtualTimeError?)
    }

    enum Phase: Sendable, Equatable {
        case idle
        /// A run begins; its thread does not run yet, its body is being handed in.
        case starting
        case running(on: ThreadIdentity)
        /// A run was given up; its tasks stay where they are.
        case abandoned
    }

    private struct ReadyJob: Sendable {
        let job: UnownedJob
        /// What a traced run says about it.
        let step: VirtualStep?
    }

    private(set) var now: Timestamp
    private(set) var phase = Phase.idle
    private(set) var limits = VirtualRunLimits()

    private let seed: UInt64
    private let start: Timestamp
    private var choices: SplitMix64
    private var ready: [ReadyJob] = []
    private var sleepers = SleeperHeap()
    private var steps = 0
    private var stepsBeforeRun = 0
    private var digest: UInt64 = 0
    private(set) var isBodyFinished = false
    private var isCancellationRequested = false
    /// Whether a job runs, and during which of the watchdog's looks it already did.
    private var isStepping = false
    private var lastWatchedStep: Int?
    private var escapes: [VirtualEscape] = []
    private var escapeCount = 0
    private var escapeCountBeforeRun = 0
    private var trace: StepTrace

    init(seed: UInt64, start: Timestamp, traceLength: Int) {
        self.seed = seed
        self.start = start
        now = start
        choices = SplitMix64(seed: seed)
        trace = StepTrace(length: traceLength)
    }

    /// Whether the caller reaches in from outside.
    func isOutside(_ thread: ThreadIdentity) -> Bool {
        guard case .running(let own) = phase else { return false }
        return own != thread
    }

    mutating func enqueue(_ job: UnownedJob, step: VirtualStep?) {
        ready.append(ReadyJob(job: job, step: step))
    }

    // MARK: A run

    mutating func begin(_ limits: VirtualRunLimits) throws(VirtualTimeError) {
        switch phase {
        case .idle: break
        case .starting, .running: throw .alreadyRunning
        case .abandoned: throw .abandoned
        }
        self.limits = limits
        phase = .starting
        stepsBeforeRun = steps
        escapeCountBeforeRun = escapeCount
        isBodyFinished = false
        isCancellationRequested = false
    }

    mutating func startDriving(on thread: ThreadIdentity) {
        phase = .running(on: thread)
    }

    mutating func finishBody() { isBodyFinished = true }

    mutating func requestCancellation() { isCancellationRequested = true }

    mutating func nextTurn() -> Turn {
        isStepping = false
        // The watchdog has given the run up and told the caller.
        guard case .running = phase else { return .end(nil) }
        if isCancellationRequested {
            isCancellationRequested = false
            return .cancelBody
        }
        if let sleeper = sleepers.popDue(at: now) { return .wake(sleeper) }
        if !ready.isEmpty {
            guard steps - stepsBeforeRun < limits.maxSteps else { return .end(giveUp(.tooManySteps)) }
            return .run(chooseJob())
        }
        if isBodyFinished { return .end(finish()) }
        guard let deadline = nextDeadline else { return .awaitOutside }
        now = deadline
        return sleepers.popDue(at: now).map { .wake($0) } ?? .awaitOutside
    }

    /// Nothing came from outside within the time allowed.
    ///
    /// - Returns: The failure, unless something came after all.
    mutating func endWaiting() -> VirtualTimeError? {
        guard ready.isEmpty, nextDeadline == nil, !isBodyFinished, !isCancellationRequested else { return nil }
        return giveUp(.deadlock)
    }

    /// Called at intervals of the step timeout.
    ///
    /// - Returns: The failure, when the same step has been running since the look before.
    mutating func watch() -> VirtualTimeError? {
        guard case .running = phase, isStepping else {
            lastWatchedStep = nil
            return nil
        }
        defer { lastWatchedStep = steps }
        return lastWatchedStep == steps ? giveUp(.stepBlocked) : nil
    }

    /// When the clock moves to, if nothing is ready.
    private var nextDeadline: Timestamp? {
        sleepers.earliest.flatMap { $0 < .distantFuture ? $0 : nil }
    }

    private mutating func chooseJob() -> UnownedJob {
        let count = ready.count
        let index = count == 1 ? 0 : choices.next(below: count)
        let chosen = ready[index]
        ready[index] = ready[count - 1]
        ready.removeLast()
        steps += 1
        isStepping = true
        let choice = UInt64(truncatingIfNeeded: count) << 32 | UInt64(truncatingIfNeeded: index)
        digest = SplitMix64.mix((digest ^ choice) &+ UInt64(bitPattern: now.nanoseconds &- start.nanoseconds))
        if var step = chosen.step {
            step.number = steps
            step.elapsed = elapsed
            trace.append(step)
        }
        return chosen.job
    }

    private mutating func finish() -> VirtualTimeError? {
        phase = .idle
        guard escapeCount > escapeCountBeforeRun else { return nil }
        return .failure(.escaped, report, limits)
    }

    private mutating func giveUp(_ code: VirtualTimeError.Code) -> VirtualTimeError {
        phase = .abandoned
        return .failure(escapeCount > escapeCountBeforeRun && code == .deadlock ? .escaped : code, report, limits)
    }

    // MARK: Sleeping

    mutating func reserveSleeper() -> SleeperHeap.Ticket { sleepers.reserve() }

    /// - Returns: Whether the sleeper sleeps; otherwise its task was cancelled before.
    mutating func fallAsleep(
        _ ticket: SleeperHeap.Ticket,
        until deadline: Timestamp,
        _ continuation: SleeperContinuation
    ) -> Bool {
        sleepers.fallAsleep(ticket, until: deadline, continuation)
    }

    mutating func cancelSleeper(_ ticket: SleeperHeap.Ticket) -> SleeperContinuation? { sleepers.cancel(ticket) }

    // MARK: Reporting

    mutating func note(_ escape: VirtualEscape) {
        escapeCount += 1
        guard escapes.count < 32 else { return }
        var escape = escape
        escape.step = steps
        escape.elapsed = elapsed
        escapes.append(escape)
    }

    private var elapsed: Duration { start.duration(to: now) }

    var report: VirtualRunReport {
        VirtualRunReport(
            seed: seed,
            steps: steps,
            elapsed: elapsed,
            scheduleDigest: digest,
            sleeperCount: sleepers.count,
            readyCount: ready.count,
            escapes: escapes,
            escapeCount: escapeCount,
            trace: trace.steps
        )
    }
}
