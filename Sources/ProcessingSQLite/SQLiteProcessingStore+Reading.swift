internal import EphemeralTime
internal import Foundation
internal import GRDB
public import Processing

extension SQLiteProcessingStore {
    /// The queues that have ever had a job; see `JobStore`.
    public func queues() async throws -> [String] {
        try await writer.perform(durably: false) { transaction in
            try transaction.rows("SELECT name FROM queue ORDER BY name").map { $0[0] }
        }
    }

    /// One consistent reading of each queue; see `JobStore`.
    public func status(of queues: [String]) async throws -> [QueueStatus] {
        try await writer.perform(durably: false) { transaction in try queues.map { try transaction.status(of: $0) } }
    }

    /// Dead letters of a queue, oldest first; see `JobStore`.
    public func deadLetters(in queue: String, after last: JobID?, limit: Int) async throws -> [DeadLetter] {
        try await writer.perform(durably: false) { try $0.deadLetters(in: queue, after: last, limit: limit) }
    }

    /// Lets dead letters wait again; see `JobStore`.
    public func requeueDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        let jobs = try await writer.perform { transaction in
            let found = try transaction.selected(selection, in: queue)
            for (sequence, _) in found { try transaction.wait(sequence, attempts: 0) }
            return found.map(\.id)
        }
        if !jobs.isEmpty { bell.ring() }
        return jobs
    }

    /// Removes dead letters for good; see `JobStore`.
    public func discardDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await writer.perform { transaction in
            let found = try transaction.selected(selection, in: queue)
            for (sequence, _) in found { try transaction.run("DELETE FROM job WHERE seq = ?", [sequence]) }
            if let number = try transaction.queue(queue) { transaction.count(.discarded, number, found.count) }
            return found.map(\.id)
        }
    }
}

extension SQLiteTransaction {
    /// How long a worker is shown after it was last heard of.
    private static let workerMemory = Duration.seconds(300).nanoseconds

    fileprivate func status(of name: String) throws -> QueueStatus {
        var status = QueueStatus(queue: name)
        guard let queue = try queue(name) else { return status }
        let waiting = try rows(
            "SELECT priority, count(*), min(seq) FROM job WHERE state = 0 AND queue = ? GROUP BY priority",
            [queue]
        )
        for row in waiting {
            let priority = JobPriority.allCases[row[0] as Int]
            status.waiting[priority] = row[1]
            let since = try Int64.fetchOne(
                statement("SELECT enqueued_at FROM job WHERE seq = ?"),
                arguments: [row[2] as Int64]
            )
            status.oldestWaiting[priority] = since.map { .nanoseconds(now - $0) }
        }
        func count(_ state: Int) throws -> Int {
            let sql = "SELECT count(*) FROM job WHERE state = \(state) AND queue = ?"
            return try Int.fetchOne(statement(sql), arguments: [queue]) ?? 0
        }
        (status.delayed, status.running, status.dead) = (try count(1), try count(2), try count(3))
        try readCounters(of: queue, into: &status)
        for row in try rows(
            "SELECT id, seen FROM worker WHERE queue = ? AND seen > ?",
            [queue, now - Self.workerMemory]
        ) {
            status.workers[WorkerID(rawValue: row[0])] = .nanoseconds(now - (row[1] as Int64))
        }
        return status
    }

    private func readCounters(of queue: Int64, into status: inout QueueStatus) throws {
        let rows = try rows("SELECT enqueued, done, discarded, retried, expired FROM queue WHERE id = ?", [queue])
        guard let row = rows.first else { return }
        status.enqueued = row[0] + pending(.enqueued, queue)
        status.done = row[1] + pending(.done, queue)
        status.discarded = row[2] + pending(.discarded, queue)
        status.retried = row[3] + pending(.retried, queue)
        status.expiredLeases = row[4] + pending(.expired, queue)
    }

    fileprivate func deadLetters(in name: String, after last: JobID?, limit: Int) throws -> [DeadLetter] {
        guard let queue = try queue(name) else { return [] }
        return try rows(
            """
            SELECT seq, id, priority, operation, payload, tags, attempts, max_attempts, enqueued_at, reason, error, worker, due
            FROM job WHERE state = 3 AND queue = ? AND seq > coalesce((SELECT seq FROM job WHERE id = ?), -1)
            ORDER BY seq LIMIT ?
            """,
            [queue, last?.rawValue, max(0, limit)]
        ).map { row in
            DeadLetter(
                job: Job(row, queue: name),
                reason: DeathReason(rawValue: row[9]),
                error: String(decoding: row[10] as Data, as: UTF8.self),
                worker: (row[11] as String?).map { WorkerID(rawValue: $0) },
                diedAt: WallTime(nanoseconds: row[12])
            )
        }
    }

    fileprivate func selected(
        _ selection: DeadLetterSelection,
        in name: String
    ) throws -> [(sequence: Int64, id: JobID)] {
        guard let queue = try queue(name) else { return [] }
        func select(_ condition: String, _ argument: (any DatabaseValueConvertible)?) throws -> [(Int64, JobID)] {
            let sql = "SELECT seq, id FROM job WHERE state = 3 AND queue = ? AND \(condition) ORDER BY seq"
            return try rows(sql, [queue, argument]).map { ($0[0], JobID(rawValue: $0[1])) }
        }
        switch selection {
        case .all: return try select("? IS NULL", nil)
        case .operation(let operation): return try select("operation = ?", operation)
        case .olderThan(let age): return try select("due < ?", now - age.nanoseconds)
        case .jobs(let ids): return try Set(ids).flatMap { try select("id = ?", $0.rawValue) }.sorted { $0.0 < $1.0 }
        }
    }
}
