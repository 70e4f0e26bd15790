internal import Foundation
internal import GRDB
internal import Processing

extension SQLiteTransaction {
    func settle(_ settlement: JobSettlement) throws -> SettlementOutcome {
        let lease = settlement.lease
        if case .done = settlement.verdict {
            try run(
                "DELETE FROM job WHERE id = ? AND token = ? AND state = 2",
                [lease.job.rawValue, lease.token.rawValue]
            )
            guard db.changesCount > 0, let queue = try queue(lease.queue) else { return .leaseLost }
            count(.done, queue)
            return .done
        }
        let found = try rows(
            "SELECT seq, queue, attempts, max_attempts FROM job WHERE id = ? AND token = ? AND state = 2",
            [lease.job.rawValue, lease.token.rawValue]
        )
        guard let row = found.first else { return .leaseLost }
        let (sequence, queue, attempts) = (row[0] as Int64, row[1] as Int64, row[2] as Int + 1)
        switch settlement.verdict {
        case .release:
            try wait(sequence)
            return .released
        case .retry(let pause, let error):
            guard attempts < (row[3] as Int) else {
                try bury(sequence, attempts: attempts, .attemptsExhausted, error)
                return .buried
            }
            try run(
                "UPDATE job SET state = 1, due = ?, attempts = ?, token = NULL, worker = NULL WHERE seq = ?",
                [now + pause.nanoseconds, attempts, sequence]
            )
            count(.retried, queue)
            return .delayed
        case .bury(let reason, let error):
            try bury(sequence, attempts: attempts, reason, error)
            return .buried
        case .done:
            preconditionFailure("a done job was settled twice in one step")
        }
    }

    private func bury(_ sequence: Int64, attempts: Int, _ reason: DeathReason, _ error: String) throws {
        try run(
            "UPDATE job SET seq = ?, state = 3, due = ?, attempts = ?, token = NULL, reason = ?, error = ? WHERE seq = ?",
            [try nextSequence(), now, attempts, reason.rawValue, Data(error.utf8), sequence]
        )
    }

    func note(_ heartbeat: Heartbeat) throws -> [JobLease] {
        for name in heartbeat.queues {
            try run(
                "INSERT OR REPLACE INTO worker VALUES (?, ?, ?)",
                [try queue(creating: name), heartbeat.worker.rawValue, now]
            )
        }
        return try heartbeat.leases.filter { lease in
            try run(
                "UPDATE job SET due = ? WHERE id = ? AND token = ? AND state = 2",
                [now + heartbeat.lease.nanoseconds, lease.job.rawValue, lease.token.rawValue]
            )
            return db.changesCount == 0
        }
    }

    func reap(_ names: [String]) throws -> ReapReport {
        var report = ReapReport()
        for name in names {
            guard let queue = try queue(name) else { continue }
            let expired = try rows(
                """
                SELECT seq, id, attempts, max_attempts FROM job
                WHERE state = 2 AND queue = ? AND due <= ? ORDER BY due, seq LIMIT 1000
                """,
                [queue, now]
            )
            for row in expired {
                let (id, attempts) = (JobID(rawValue: row[1]), row[2] as Int + 1)
                count(.expired, queue)
                if attempts < (row[3] as Int) {
                    count(.retried, queue)
                    try wait(row[0], attempts: attempts)
                    report.returned.append(id)
                } else {
                    let error = "the lease of the last attempt ran out: its worker was lost or did not get on"
                    try bury(row[0], attempts: attempts, .leaseExpired, error)
                    report.buried.append(id)
                }
            }
        }
        return report
    }
}
