internal import EphemeralTime

extension MemoryProcessingStore {
    /// Writes a backup before the first run begins, or after it has failed; see ``EmergencyStore/beginEmergency(_:)``.
    public func beginEmergency(_ request: EmergencyRequest) async throws -> LeaseToken {
        try request.validate(maxPayloadBytes: maxPayloadBytes)
        return try change { state, now, wallTime in
            try state.emergencies.begin(request, now: now, wallTime: wallTime)
        }
    }

    /// Notes that a run has failed; see ``EmergencyStore/failEmergency(_:token:error:)``.
    public func failEmergency(_ id: EmergencyID, token: LeaseToken, error: String) async throws -> Bool {
        try change { state, _, _ in state.emergencies.fail(id, token: token, error: error) }
    }

    /// Notes that an operation is done; see ``EmergencyStore/resolveEmergency(_:token:remembering:)``.
    public func resolveEmergency(
        _ id: EmergencyID,
        token: LeaseToken,
        remembering memory: Duration
    ) async throws -> Bool {
        try change { state, now, _ in
            state.emergencies.resolve(id, token: token, until: now.advanced(by: memory))
        }
    }

    /// Begins a further run of an operation; see ``EmergencyStore/claimEmergency(_:lease:)``.
    public func claimEmergency(_ id: EmergencyID, lease: Duration) async throws -> ClaimedEmergency {
        try change { state, now, _ in
            try state.emergencies.claim(id, now: now, until: now.advanced(by: lease))
        }
    }

    /// Extends the lease of a run; see ``EmergencyStore/renewEmergency(_:token:lease:)``.
    public func renewEmergency(_ id: EmergencyID, token: LeaseToken, lease: Duration) async throws -> Bool {
        try change { state, now, _ in
            state.emergencies.renew(id, token: token, until: now.advanced(by: lease))
        }
    }

    /// Changes how long a backup is kept; see ``EmergencyStore/extendEmergency(_:ttl:)``.
    public func extendEmergency(_ id: EmergencyID, ttl: Duration?) async throws -> Bool {
        try change { state, now, wallTime in
            state.emergencies.extend(
                id,
                to: ttl.map { (now.advanced(by: $0), WallTime(sinceUnixEpoch: wallTime.sinceUnixEpoch + $0)) }
            )
        }
    }

    /// Backups, oldest first; see ``EmergencyStore/emergencies(expiringWithin:limit:)``.
    public func emergencies(expiringWithin expiry: Duration?, limit: Int) async throws -> [Emergency] {
        try change { state, now, _ in
            state.emergencies.list(expiringBefore: expiry.map { now.advanced(by: $0) }, count: limit)
        }
    }

    /// One consistent reading of all backups; see ``EmergencyStore/emergencyCounts()``.
    public func emergencyCounts() async throws -> EmergencyCounts {
        try change { state, _, _ in state.emergencies.counts() }
    }
}
