internal import EphemeralTime

/// The backups of a store in memory.
struct MemoryEmergencies: Sendable {
    typealias Instant = ContinuousClock.Instant

    fileprivate struct Entry: Sendable {
        var emergency: Emergency
        var token: LeaseToken
        /// Until when a run is under way; `nil` when none is.
        var runEnds: Instant?
        var expiry: Instant?
    }

    private var entries: [EmergencyID: Entry] = [:]
    /// In the order in which they came.
    private var order: [EmergencyID] = []
    private var resolved: [EmergencyID: Instant] = [:]
    private var expiredUnresolved = 0

    /// Gives up what has become too old.
    ///
    /// - Returns: What was given up.
    mutating func expire(now: Instant) -> [EmergencyID] {
        resolved = resolved.filter { $0.value > now }
        let expired = order.filter { id in
            guard let entry = entries[id], let expiry = entry.expiry, expiry <= now else { return false }
            return !entry.isUnderWay(now: now)
        }
        for id in expired { remove(id) }
        expiredUnresolved += expired.count
        return expired
    }

    private mutating func remove(_ id: EmergencyID) {
        entries[id] = nil
        order.removeAll { $0 == id }
    }

    mutating func begin(_ request: EmergencyRequest, now: Instant, wallTime: WallTime) throws -> LeaseToken {
        if resolved[request.id] != nil { throw ProcessingError.resolved(request.id) }
        if let known = entries[request.id] { throw ProcessingError.exists(known.emergency) }
        entries[request.id] = Entry(
            emergency: Emergency(request, createdAt: wallTime),
            token: request.token,
            runEnds: request.failure == nil ? now.advanced(by: request.lease) : nil,
            expiry: now.advanced(by: request.ttl)
        )
        order.append(request.id)
        return request.token
    }

    mutating func fail(_ id: EmergencyID, token: LeaseToken, error: String) -> Bool {
        guard entries[id]?.isRun(token) == true else { return false }
        entries[id]?.emergency.status = .failed
        entries[id]?.emergency.attempts += 1
        entries[id]?.emergency.error = error
        entries[id]?.runEnds = nil
        return true
    }

    mutating func resolve(_ id: EmergencyID, token: LeaseToken, until memory: Instant) -> Bool {
        guard entries[id]?.isRun(token) == true else { return false }
        remove(id)
        resolved[id] = memory
        return true
    }

    mutating func claim(_ id: EmergencyID, now: Instant, until end: Instant) throws -> ClaimedEmergency {
        if resolved[id] != nil { throw ProcessingError.resolved(id) }
        guard var entry = entries[id] else { throw ProcessingError.unknown(id) }
        if entry.isUnderWay(now: now) { throw ProcessingError.underWay(id) }
        entry.token = .next()
        entry.runEnds = end
        entry.emergency.status = .retrying
        entries[id] = entry
        return ClaimedEmergency(emergency: entry.emergency, token: entry.token)
    }

    mutating func renew(_ id: EmergencyID, token: LeaseToken, until end: Instant) -> Bool {
        guard entries[id]?.isRun(token) == true else { return false }
        entries[id]?.runEnds = end
        return true
    }

    mutating func extend(_ id: EmergencyID, to expiry: (instant: Instant, wallTime: WallTime)?) -> Bool {
        guard entries[id] != nil else { return false }
        entries[id]?.expiry = expiry?.instant
        entries[id]?.emergency.expiresAt = expiry?.wallTime
        return true
    }

    func list(expiringBefore limit: Instant?, count: Int) -> [Emergency] {
        let all = order.lazy.compactMap { entries[$0] }
        guard let limit else { return all.prefix(max(0, count)).map(\.emergency) }
        return all.filter { $0.expiry.map { $0 <= limit } ?? false }.prefix(max(0, count)).map(\.emergency)
    }

    func counts() -> EmergencyCounts {
        var counts = EmergencyCounts()
        counts.byStatus = Dictionary(grouping: entries.values, by: \.emergency.status).mapValues(\.count)
        counts.expiredUnresolved = expiredUnresolved
        return counts
    }
}

extension MemoryEmergencies.Entry {
    /// Whether a token is that of the present run.
    func isRun(_ token: LeaseToken) -> Bool { runEnds != nil && self.token == token }

    func isUnderWay(now: ContinuousClock.Instant) -> Bool { runEnds.map { $0 > now } ?? false }
}
