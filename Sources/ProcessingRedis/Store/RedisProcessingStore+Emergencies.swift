internal import EphemeralTime
public import Processing

extension RedisProcessingStore {
    /// Writes a backup before the first run begins, or after it has failed; see
    /// `EmergencyStore/beginEmergency(_:)`.
    public func beginEmergency(_ request: EmergencyRequest) async throws -> LeaseToken {
        try request.validate(maxPayloadBytes: maxPayloadBytes)
        let token = request.token
        let place = "backup of critical operation '\(request.id)'"
        let reply = try await run(
            EmergencyScripts.begin,
            on: emergencyKeys.written,
            [
                .text(request.id.rawValue), .text(request.operation.map { "+\($0)" } ?? ""), .bytes(request.payload),
                .text(TagText.write(request.tags)), .integer(request.ttl.microseconds),
                .integer(request.lease.microseconds), .text(token.rawValue),
                .text(request.failure.map { "+\($0)" } ?? ""),
            ],
            at: place
        )
        switch reply.elements?.first?.string {
        case "begun": return token
        case "resolved": throw ProcessingError.resolved(request.id)
        case "exists":
            var known = Emergency(request, createdAt: WallTime(sinceUnixEpoch: .zero))
            known.status = (reply.elements?.last?.string).flatMap(EmergencyStatus.init) ?? .pending
            throw ProcessingError.exists(known)
        default: throw foreign(place)
        }
    }

    /// Notes that a run has failed; see `EmergencyStore/failEmergency(_:token:error:)`.
    public func failEmergency(_ id: EmergencyID, token: LeaseToken, error: String) async throws -> Bool {
        try await change(EmergencyScripts.fail, id, [.text(token.rawValue), .text(error)])
    }

    /// Notes that an operation is done; see `EmergencyStore/resolveEmergency(_:token:remembering:)`.
    public func resolveEmergency(
        _ id: EmergencyID,
        token: LeaseToken,
        remembering memory: Duration
    ) async throws -> Bool {
        try await change(EmergencyScripts.resolve, id, [.text(token.rawValue), .integer(memory.microseconds)])
    }

    /// Begins a further run of an operation; see `EmergencyStore/claimEmergency(_:lease:)`.
    public func claimEmergency(_ id: EmergencyID, lease: Duration) async throws -> ClaimedEmergency {
        let token = LeaseToken.next()
        let place = "claim of critical operation '\(id)'"
        let reply = try await run(
            EmergencyScripts.claim,
            on: emergencyKeys.written,
            [.text(id.rawValue), .integer(lease.microseconds), .text(token.rawValue)],
            at: place
        )
        switch reply.elements?.first?.string {
        case "resolved": throw ProcessingError.resolved(id)
        case "unknown": throw ProcessingError.unknown(id)
        case "busy": throw ProcessingError.underWay(id)
        case "claimed":
            guard let emergency = reply.elements?.last.flatMap(Emergency.init) else { throw foreign(place) }
            return ClaimedEmergency(emergency: emergency, token: token)
        default: throw foreign(place)
        }
    }

    /// Extends the lease of a run; see `EmergencyStore/renewEmergency(_:token:lease:)`.
    public func renewEmergency(_ id: EmergencyID, token: LeaseToken, lease: Duration) async throws -> Bool {
        try await change(EmergencyScripts.renew, id, [.text(token.rawValue), .integer(lease.microseconds)])
    }

    /// Changes how long a backup is kept; see `EmergencyStore/extendEmergency(_:ttl:)`.
    public func extendEmergency(_ id: EmergencyID, ttl: Duration?) async throws -> Bool {
        // Zero is for ever.
        try await change(EmergencyScripts.extend, id, [.integer(ttl.map { max(1, $0.microseconds) } ?? 0)])
    }

    /// Backups, oldest first; see `EmergencyStore/emergencies(expiringWithin:limit:)`.
    public func emergencies(expiringWithin expiry: Duration?, limit: Int) async throws -> [Emergency] {
        let reply = try await run(
            EmergencyScripts.list,
            on: emergencyKeys.written,
            [.number(limit), .integer(expiry.map { max(1, $0.microseconds) } ?? 0)],
            at: "list of critical operations"
        )
        return try (reply.elements ?? []).map { parts in
            guard let emergency = Emergency(parts) else { throw foreign("list of critical operations") }
            return emergency
        }
    }

    /// One consistent reading of all backups; see `EmergencyStore/emergencyCounts()`.
    public func emergencyCounts() async throws -> EmergencyCounts {
        let place = "count of critical operations"
        let reply = try await run(EmergencyScripts.counts, on: emergencyKeys.written, [], at: place)
        guard let parts = reply.elements, let expired = parts.first?.integer else { throw foreign(place) }
        var counts = EmergencyCounts()
        counts.expiredUnresolved = expired
        for index in stride(from: 1, to: parts.count - 1, by: 2) {
            guard let status = parts[index].string.flatMap(EmergencyStatus.init) else { throw foreign(place) }
            counts.byStatus[status] = parts[index + 1].integer ?? 0
        }
        return counts
    }

    private func change(
        _ script: RedisScript,
        _ id: EmergencyID,
        _ arguments: [RedisCommand.Argument]
    ) async throws -> Bool {
        let reply = try await run(
            script,
            on: emergencyKeys.written,
            [.text(id.rawValue)] + arguments,
            at: "\(script.name) of critical operation '\(id)'"
        )
        return reply.integer == 1
    }
}

extension Emergency {
    /// Reads identity, operation, payload, tags, beginning, status, attempts, error and expiry.
    fileprivate init?(_ reply: RESPValue) {
        guard let parts = reply.elements, parts.count == 9, let id = parts[0].string, let operation = parts[1].string,
            let payload = parts[2].bytes, let tags = parts[3].bytes, let created = parts[4].integer,
            let status = parts[5].string.flatMap(EmergencyStatus.init), let attempts = parts[6].integer,
            let error = parts[7].string, let expiry = parts[8].integer
        else { return nil }
        let request = EmergencyRequest(
            id: EmergencyID(rawValue: id),
            operation: operation.isEmpty ? nil : String(operation.dropFirst()),
            payload: payload,
            tags: TagText.read(tags)
        )
        self.init(request, createdAt: WallTime(sinceUnixEpoch: .microseconds(created)))
        (self.status, self.attempts) = (status, attempts)
        self.error = error.isEmpty ? nil : String(error.dropFirst())
        expiresAt = expiry > 0 ? WallTime(sinceUnixEpoch: .microseconds(expiry)) : nil
    }
}
