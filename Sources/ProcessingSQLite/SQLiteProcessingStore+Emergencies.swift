internal import EphemeralTime
internal import Foundation
internal import GRDB
public import Processing

extension SQLiteProcessingStore {
    /// Writes a backup before the first run begins, or after it has failed; see `EmergencyStore`.
    public func beginEmergency(_ request: EmergencyRequest) async throws -> LeaseToken {
        try request.validate(maxPayloadBytes: maxPayloadBytes)
        guard options.durability == .full else {
            throw ProcessingError(
                code: .storeRefused,
                message:
                    "'\(path)' was opened with relaxed durability and takes no backups; open it with full durability"
            )
        }
        return try await change { [options] transaction in
            try transaction.requireRoom(options)
            return try transaction.begin(request)
        }
    }

    /// Notes that a run has failed; see `EmergencyStore`.
    public func failEmergency(_ id: EmergencyID, token: LeaseToken, error: String) async throws -> Bool {
        try await change { transaction in
            try transaction.updateRun(
                "status = 'failed', attempts = attempts + 1, error = ?, run_ends = 0",
                [Data(error.utf8)],
                of: id,
                token: token
            )
        }
    }

    /// Notes that an operation is done; see `EmergencyStore`.
    public func resolveEmergency(
        _ id: EmergencyID,
        token: LeaseToken,
        remembering memory: Duration
    ) async throws -> Bool {
        try await change { try $0.resolve(id, token: token, remembering: memory) }
    }

    /// Begins a further run of an operation; see `EmergencyStore`.
    public func claimEmergency(_ id: EmergencyID, lease: Duration) async throws -> ClaimedEmergency {
        try await change { try $0.claimEmergency(id, lease: lease) }
    }

    /// Extends the lease of a run; see `EmergencyStore`.
    public func renewEmergency(_ id: EmergencyID, token: LeaseToken, lease: Duration) async throws -> Bool {
        try await change { transaction in
            try transaction.updateRun("run_ends = ?", [transaction.now + lease.nanoseconds], of: id, token: token)
        }
    }

    /// Changes how long a backup is kept; see `EmergencyStore`.
    public func extendEmergency(_ id: EmergencyID, ttl: Duration?) async throws -> Bool {
        try await change { try $0.extend(id, ttl: ttl) }
    }

    /// Backups, oldest first; see `EmergencyStore`.
    public func emergencies(expiringWithin expiry: Duration?, limit: Int) async throws -> [Emergency] {
        try await change { try $0.emergencies(expiringWithin: expiry, limit: limit) }
    }

    /// One consistent reading of all backups; see `EmergencyStore`.
    public func emergencyCounts() async throws -> EmergencyCounts {
        try await change { try $0.emergencyCounts() }
    }

    /// Makes a change after what time does to the backups.
    private func change<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteTransaction) throws -> Value
    ) async throws -> Value {
        try await writer.perform { transaction in
            try transaction.expireEmergencies()
            return try body(transaction)
        }
    }
}
