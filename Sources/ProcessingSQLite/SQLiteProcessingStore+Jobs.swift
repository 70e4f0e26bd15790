internal import EphemeralTime
internal import Foundation
internal import GRDB
public import Processing

extension SQLiteProcessingStore {
    /// Stores jobs, all or none of them; see `JobStore`.
    public func enqueue(_ requests: [JobRequest], in queue: String) async throws -> [JobReceipt] {
        for request in requests { try request.validate(queue: queue, maxPayloadBytes: maxPayloadBytes) }
        let receipts = try await writer.perform { [options] transaction in
            try transaction.requireRoom(options)
            let number = try transaction.queue(creating: queue)
            return try requests.map { try transaction.add($0, to: number) }
        }
        bell.ring()
        return receipts
    }

    /// Takes jobs that wait, each under a lease; see `JobStore`.
    public func claim(_ request: ClaimRequest) async throws -> [ClaimedJob] {
        try request.validate()
        let (time, poll) = (options.time, options.pollInterval)
        return try await bell.claim(patience: request.patience, by: time) { [writer] in
            try Task.checkCancellation()
            let (jobs, nextDue) = try await writer.perform(durably: false) { try $0.claim(request) }
            let now = time.now
            // Other processes cannot ring.
            let next = [nextDue, poll].compactMap(\.self).min()
            return WorkBell.Look(jobs: jobs, nextDue: next.map { now.advanced(by: $0) })
        }
    }

    /// Reports how attempts have ended; see `JobStore`.
    public func settle(_ settlements: [JobSettlement]) async throws -> [SettlementOutcome] {
        let outcomes = try await writer.perform { transaction in try settlements.map { try transaction.settle($0) } }
        if outcomes.contains(where: { $0 == .released || $0 == .delayed }) { bell.ring() }
        return outcomes
    }

    /// Extends leases and shows that a worker lives; see `JobStore`.
    public func heartbeat(_ heartbeat: Heartbeat) async throws -> [JobLease] {
        try await writer.perform(durably: false) { try $0.note(heartbeat) }
    }

    /// Ends leases that have run out; see `JobStore`.
    public func reapExpired(in queues: [String], lease: Duration) async throws -> ReapReport {
        let report = try await writer.perform(durably: false) { try $0.reap(queues) }
        if !report.returned.isEmpty { bell.ring() }
        return report
    }

    /// Lets delayed jobs wait to be claimed whose time has come; see `JobStore`.
    public func promoteDue(in queues: [String]) async throws -> PromotionReport {
        let report = try await writer.perform(durably: false) { transaction in
            try transaction.run("DELETE FROM idempotency WHERE until <= ?", [transaction.now])
            return PromotionReport(promoted: try transaction.promote(queues), nextDue: try transaction.nextDue(queues))
        }
        if report.promoted > 0 { bell.ring() }
        return report
    }
}

extension SQLiteTransaction {
    fileprivate func add(_ request: JobRequest, to queue: Int64) throws -> JobReceipt {
        if let idempotency = request.idempotency {
            let known = try String.fetchOne(
                statement("SELECT job FROM idempotency WHERE queue = ? AND key = ? AND until > ?"),
                arguments: [queue, idempotency.key, now]
            )
            if let known { return JobReceipt(id: JobID(rawValue: known), isDuplicate: true) }
            try run(
                "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?)",
                [queue, idempotency.key, request.id.rawValue, now + idempotency.window.nanoseconds]
            )
        }
        let isDelayed = request.delay > .zero
        try run(
            """
            INSERT INTO job (id, queue, priority, state, due, operation, payload, tags, attempts, max_attempts, enqueued_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (id) DO NOTHING
            """,
            [
                request.id.rawValue, queue, request.priority.rank,
                (isDelayed ? SQLiteSchema.State.delayed : .waiting).rawValue,
                isDelayed ? now + request.delay.nanoseconds : nil,
                request.operation, Data(request.payload), TagCoding.encode(request.tags), request.maxAttempts, now,
            ]
        )
        // A job that is there already was stored by an earlier try of the same request.
        guard db.changesCount > 0 else { return JobReceipt(id: request.id, isDuplicate: true) }
        count(.enqueued, queue)
        return JobReceipt(id: request.id, isDuplicate: false)
    }

    fileprivate func claim(_ request: ClaimRequest) throws -> ([ClaimedJob], Duration?) {
        _ = try promote(request.queues)
        var jobs: [ClaimedJob] = []
        let base = LeaseToken.next().rawValue
        for priority in request.priorities {
            for name in request.queues where jobs.count < request.count {
                guard let queue = try queue(name) else { continue }
                let rows = try rows(
                    """
                    UPDATE job SET state = 2, due = ?, worker = ?, token = ? || '-' || seq
                    WHERE seq IN (SELECT seq FROM job WHERE state = 0 AND queue = ? AND priority = ? ORDER BY seq LIMIT ?)
                    RETURNING seq, id, priority, operation, payload, tags, attempts, max_attempts, enqueued_at, token
                    """,
                    [
                        now + request.lease.nanoseconds, request.worker.rawValue, base, queue, priority.rank,
                        request.count - jobs.count,
                    ]
                )
                // What is returned comes in no order that is promised.
                jobs += rows.sorted { ($0[0] as Int64) < ($1[0] as Int64) }.map { row in
                    let job = Job(row, queue: name)
                    return ClaimedJob(
                        job: job,
                        lease: JobLease(queue: name, job: job.id, token: LeaseToken(rawValue: row[9]))
                    )
                }
            }
        }
        return (jobs, jobs.isEmpty ? try nextDue(request.queues) : nil)
    }

    func promote(_ names: [String]) throws -> Int {
        var count = 0
        for name in names {
            guard let queue = try queue(name) else { continue }
            let due = try rows(
                "SELECT seq FROM job WHERE state = 1 AND queue = ? AND due <= ? ORDER BY due, seq LIMIT 1000",
                [queue, now]
            )
            for row in due { try wait(row[0]) }
            count += due.count
        }
        return count
    }

    func nextDue(_ names: [String]) throws -> Duration? {
        try names.compactMap { name -> Int64? in
            guard let queue = try queue(name) else { return nil }
            return try Int64.fetchOne(
                statement("SELECT min(due) FROM job WHERE state = 1 AND queue = ?"),
                arguments: [queue]
            )
        }.min().map { .nanoseconds(max(0, $0 - now)) }
    }

    /// Puts a job behind all that wait.
    func wait(_ sequence: Int64, attempts: Int? = nil) throws {
        try run(
            """
            UPDATE job SET seq = ?, state = 0, due = NULL, token = NULL, worker = NULL, reason = NULL, error = NULL,
              attempts = coalesce(?, attempts) WHERE seq = ?
            """,
            [try nextSequence(), attempts, sequence]
        )
    }
}

extension Job {
    /// Reads `seq, id, priority, operation, payload, tags, attempts, max_attempts, enqueued_at`.
    init(_ row: Row, queue: String) {
        let request = JobRequest(
            operation: row[3],
            payload: [UInt8](row[4] as Data),
            id: JobID(rawValue: row[1]),
            priority: JobPriority.allCases[row[2] as Int],
            maxAttempts: row[7],
            tags: TagCoding.decode(row[5])
        )
        self.init(request, queue: queue, enqueuedAt: WallTime(nanoseconds: row[8]))
        attempts = row[6]
    }
}

/// Tags as bytes: each with its length before it, so that they may hold anything.
enum TagCoding {
    static func encode(_ tags: [String]) -> Data { Data(tags.map { "\($0.utf8.count):\($0)" }.joined().utf8) }

    static func decode(_ bytes: Data) -> [String] {
        var (rest, tags) = (bytes[...], [String]())
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            let length = Int(String(decoding: rest[..<colon], as: UTF8.self))
        {
            let tag = rest[rest.index(after: colon)...].prefix(length)
            tags.append(String(decoding: tag, as: UTF8.self))
            rest = rest[tag.endIndex...]
        }
        return tags
    }
}
