internal import DequeModule
internal import EphemeralTime
internal import HeapModule

/// The jobs of one queue of a store in memory.
struct MemoryQueue: Sendable {
    typealias Instant = ContinuousClock.Instant

    struct Delayed: Sendable, Comparable {
        let due: Instant
        let number: UInt64
        let job: Job

        static func == (left: Delayed, right: Delayed) -> Bool { left.number == right.number }

        static func < (left: Delayed, right: Delayed) -> Bool {
            (left.due, left.number) < (right.due, right.number)
        }
    }

    struct Running: Sendable {
        let job: Job
        let worker: WorkerID
        var expiry: Instant
    }

    struct Dead: Sendable {
        let letter: DeadLetter
        let since: Instant
    }

    let name: String
    private(set) var waiting = [Deque<Job>](repeating: [], count: JobPriority.allCases.count)
    private var delayed = Heap<Delayed>()
    private(set) var running: [LeaseToken: Running] = [:]
    var dead: [Dead] = []
    var workers: [WorkerID: Instant] = [:]
    var counters: QueueStatus
    private var remembered: [String: (job: JobID, until: Instant)] = [:]
    private var rememberedLimit = 64
    private var lastNumber: UInt64 = 0

    init(name: String) {
        self.name = name
        counters = QueueStatus(queue: name)
    }

    // Coming

    mutating func add(_ request: JobRequest, now: Instant, wallTime: WallTime) -> JobReceipt {
        if let idempotency = request.idempotency {
            if let known = remembered[idempotency.key], known.until > now {
                return JobReceipt(id: known.job, isDuplicate: true)
            }
            forgetOldKeys(now: now)
            remembered[idempotency.key] = (request.id, now.advanced(by: idempotency.window))
        }
        counters.enqueued += 1
        let job = Job(request, queue: name, enqueuedAt: wallTime)
        if request.delay > .zero { delay(job, until: now.advanced(by: request.delay)) } else { append(job) }
        return JobReceipt(id: request.id, isDuplicate: false)
    }

    /// Amortised: looks at all keys only when their number has doubled.
    private mutating func forgetOldKeys(now: Instant) {
        guard remembered.count >= rememberedLimit else { return }
        remembered = remembered.filter { $0.value.until > now }
        rememberedLimit = max(64, remembered.count * 2)
    }

    mutating func append(_ job: Job) { waiting[job.priority.rank].append(job) }

    private mutating func delay(_ job: Job, until due: Instant) {
        lastNumber += 1
        delayed.insert(Delayed(due: due, number: lastNumber, job: job))
    }

    /// When the next delayed job may start.
    var nextDue: Instant? { delayed.min?.due }

    var delayedCount: Int { delayed.count }

    mutating func promote(now: Instant) -> Int {
        var count = 0
        while let first = delayed.min, first.due <= now {
            append(delayed.removeMin().job)
            count += 1
        }
        return count
    }

    // Going

    mutating func take(_ priority: JobPriority, by worker: WorkerID, until expiry: Instant) -> ClaimedJob? {
        guard let job = waiting[priority.rank].popFirst() else { return nil }
        let token = LeaseToken.next()
        running[token] = Running(job: job, worker: worker, expiry: expiry)
        return ClaimedJob(job: job, lease: JobLease(queue: name, job: job.id, token: token))
    }

    mutating func extend(_ lease: JobLease, until expiry: Instant) -> Bool {
        guard running[lease.token] != nil else { return false }
        running[lease.token]?.expiry = expiry
        return true
    }

    mutating func settle(
        _ settlement: JobSettlement,
        now: Instant,
        wallTime: WallTime
    ) -> SettlementOutcome {
        guard let attempt = running.removeValue(forKey: settlement.lease.token) else { return .leaseLost }
        switch settlement.verdict {
        case .done:
            counters.done += 1
            return .done
        case .release:
            append(attempt.job)
            return .released
        case .retry(let pause, let error):
            let job = attempt.job.afterAttempt
            guard job.attempts < job.maxAttempts else {
                bury(job, .attemptsExhausted, error, by: attempt.worker, now: now, wallTime: wallTime)
                return .buried
            }
            counters.retried += 1
            delay(job, until: now.advanced(by: pause))
            return .delayed
        case .bury(let reason, let error):
            bury(attempt.job.afterAttempt, reason, error, by: attempt.worker, now: now, wallTime: wallTime)
            return .buried
        }
    }

    mutating func reap(now: Instant, wallTime: WallTime) -> ReapReport {
        var report = ReapReport()
        let expired = running.filter { $0.value.expiry <= now }
        for (token, attempt) in expired.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            running[token] = nil
            counters.expiredLeases += 1
            let job = attempt.job.afterAttempt
            if job.attempts < job.maxAttempts {
                counters.retried += 1
                append(job)
                report.returned.append(job.id)
            } else {
                let error = "the lease of the last attempt ran out: its worker was lost or did not get on"
                bury(job, .leaseExpired, error, by: attempt.worker, now: now, wallTime: wallTime)
                report.buried.append(job.id)
            }
        }
        return report
    }

    private mutating func bury(
        _ job: Job,
        _ reason: DeathReason,
        _ error: String,
        by worker: WorkerID,
        now: Instant,
        wallTime: WallTime
    ) {
        let letter = DeadLetter(job: job, reason: reason, error: error, worker: worker, diedAt: wallTime)
        dead.append(Dead(letter: letter, since: now))
    }
}

extension Job {
    /// The job with one more attempt behind it.
    var afterAttempt: Job {
        var job = self
        job.attempts += 1
        return job
    }
}
