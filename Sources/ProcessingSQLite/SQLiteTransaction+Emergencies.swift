internal import EphemeralTime
internal import Foundation
internal import GRDB
internal import Processing

/// Backups. A resolved one stays as a row without payload while it is remembered; `run_ends` is 0 when no run is under way.
extension SQLiteTransaction {
    private static let columns =
        "id, status, operation, payload, tags, attempts, error, created_at, expires_at, token, run_ends"

    func expireEmergencies() throws {
        let condition = "expires_at <= ? AND run_ends <= ?"
        let expired = try rows("SELECT status FROM emergency WHERE \(condition)", [now, now])
        guard !expired.isEmpty else { return }
        let unresolved = expired.filter { ($0[0] as String) != "resolved" }.count
        try run("DELETE FROM emergency WHERE \(condition)", [now, now])
        try run("UPDATE counter SET value = value + ? WHERE name = 'expired_unresolved'", [unresolved])
    }

    private func find(_ id: EmergencyID) throws -> Row? {
        try Row.fetchOne(
            statement("SELECT \(Self.columns) FROM emergency WHERE id = ?"),
            arguments: [id.rawValue]
        )
    }

    func begin(_ request: EmergencyRequest) throws -> LeaseToken {
        if let known = try find(request.id) {
            guard let emergency = Emergency(known) else { throw ProcessingError.resolved(request.id) }
            throw ProcessingError.exists(emergency)
        }
        let hasFailed = request.failure != nil
        try run(
            """
            INSERT INTO emergency (\(Self.columns))
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                request.id.rawValue, (hasFailed ? EmergencyStatus.failed : .pending).rawValue, request.operation,
                Data(request.payload), TagCoding.encode(request.tags), hasFailed ? 1 : 0,
                request.failure.map { Data($0.utf8) }, now,
                now + request.ttl.nanoseconds, request.token.rawValue, hasFailed ? 0 : now + request.lease.nanoseconds,
            ]
        )
        return request.token
    }

    /// Changes the row of a run, if it is the present one.
    func updateRun(
        _ assignments: String,
        _ arguments: StatementArguments,
        of id: EmergencyID,
        token: LeaseToken
    ) throws -> Bool {
        try run(
            "UPDATE emergency SET \(assignments) WHERE id = ? AND token = ? AND run_ends > 0",
            arguments + [id.rawValue, token.rawValue]
        )
        return db.changesCount > 0
    }

    func resolve(_ id: EmergencyID, token: LeaseToken, remembering memory: Duration) throws -> Bool {
        if memory > .zero {
            return try updateRun(
                "status = 'resolved', payload = x'', tags = x'', error = NULL, run_ends = 0, expires_at = ?",
                [now + memory.nanoseconds],
                of: id,
                token: token
            )
        }
        try run(
            "DELETE FROM emergency WHERE id = ? AND token = ? AND run_ends > 0",
            [id.rawValue, token.rawValue]
        )
        return db.changesCount > 0
    }

    func claimEmergency(_ id: EmergencyID, lease: Duration) throws -> ClaimedEmergency {
        guard let row = try find(id) else { throw ProcessingError.unknown(id) }
        guard var emergency = Emergency(row) else { throw ProcessingError.resolved(id) }
        guard (row[10] as Int64) <= now else { throw ProcessingError.underWay(id) }
        let token = LeaseToken.next()
        emergency.status = .retrying
        try run(
            "UPDATE emergency SET status = 'retrying', token = ?, run_ends = ? WHERE id = ?",
            [token.rawValue, now + lease.nanoseconds, id.rawValue]
        )
        return ClaimedEmergency(emergency: emergency, token: token)
    }

    func extend(_ id: EmergencyID, ttl: Duration?) throws -> Bool {
        try run(
            "UPDATE emergency SET expires_at = ? WHERE id = ? AND status <> 'resolved'",
            [ttl.map { now + $0.nanoseconds }, id.rawValue]
        )
        return db.changesCount > 0
    }

    func emergencies(expiringWithin expiry: Duration?, limit: Int) throws -> [Emergency] {
        let condition = expiry == nil ? "?1 IS NULL" : "expires_at <= ?1"
        return try rows(
            "SELECT \(Self.columns) FROM emergency WHERE status <> 'resolved' AND \(condition) ORDER BY seq LIMIT ?2",
            [expiry.map { now + $0.nanoseconds }, max(0, limit)]
        ).compactMap { Emergency($0) }
    }

    func emergencyCounts() throws -> EmergencyCounts {
        var counts = EmergencyCounts()
        for row in try rows("SELECT status, count(*) FROM emergency GROUP BY status") {
            if let status = EmergencyStatus(rawValue: row[0]) { counts.byStatus[status] = row[1] }
        }
        counts.expiredUnresolved =
            try Int.fetchOne(statement("SELECT value FROM counter WHERE name = 'expired_unresolved'")) ?? 0
        return counts
    }
}

extension Emergency {
    /// Reads a backup; `nil` when the operation is done and only remembered.
    fileprivate init?(_ row: Row) {
        guard let status = EmergencyStatus(rawValue: row[1]) else { return nil }
        let request = EmergencyRequest(
            id: EmergencyID(rawValue: row[0]),
            operation: row[2],
            payload: [UInt8](row[3] as Data),
            tags: TagCoding.decode(row[4])
        )
        self.init(request, createdAt: WallTime(nanoseconds: row[7]))
        self.status = status
        attempts = row[5]
        error = (row[6] as Data?).map { String(decoding: $0, as: UTF8.self) }
        expiresAt = (row[8] as Int64?).map { WallTime(nanoseconds: $0) }
    }
}
