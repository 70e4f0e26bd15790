import EphemeralTesting
import EphemeralTime
import Processing

extension FlawedStore {
    func beginEmergency(_ request: EmergencyRequest) async throws -> LeaseToken {
        var request = request
        switch flaw {
        case .forgetsTags: request.tags = []
        case .failureStartsARun: request.failure = nil
        case .runsNeverEnd: request.lease *= 1000
        case .neverExpires: request.ttl *= 1000
        case .expiresTooSoon: request.ttl /= 100
        default: break
        }
        do {
            return try await inner.beginEmergency(request)
        } catch let error as ProcessingError where error.code == .alreadyExists && flaw == .beginsAgain {
            return .next()
        }
    }

    func failEmergency(_ id: EmergencyID, token: LeaseToken, error: String) async throws -> Bool {
        if flaw == .failureIsForgotten { return true }
        let error = flaw == .forgetsErrors ? "" : error
        return try await inner.failEmergency(id, token: token, error: error) || flaw == .believesEarlierRuns
    }

    func resolveEmergency(
        _ id: EmergencyID,
        token: LeaseToken,
        remembering memory: Duration
    ) async throws -> Bool {
        let memory =
            switch flaw {
            case .remembersDoneOnes: Duration.seconds(1000)
            case .forgetsDoneOnes: Duration.zero
            default: memory
            }
        return try await inner.resolveEmergency(id, token: token, remembering: memory) || flaw == .believesEarlierRuns
    }

    func claimEmergency(_ id: EmergencyID, lease: Duration) async throws -> ClaimedEmergency {
        do {
            return try await inner.claimEmergency(id, lease: flaw == .runsNeverEnd ? lease * 1000 : lease)
        } catch let error as ProcessingError where error.code == .alreadyRetrying && flaw == .claimsAnyway {
            let all = try await inner.emergencies(expiringWithin: nil, limit: 10)
            guard let emergency = all.first(where: { $0.id == id }) else { throw error }
            return ClaimedEmergency(emergency: emergency, token: .next())
        }
    }

    func renewEmergency(_ id: EmergencyID, token: LeaseToken, lease: Duration) async throws -> Bool {
        flaw == .renewalDoesNothing ? true : try await inner.renewEmergency(id, token: token, lease: lease)
    }

    func extendEmergency(_ id: EmergencyID, ttl: Duration?) async throws -> Bool {
        flaw == .extensionDoesNothing ? true : try await inner.extendEmergency(id, ttl: ttl)
    }

    func emergencies(expiringWithin expiry: Duration?, limit: Int) async throws -> [Emergency] {
        let all = try await inner.emergencies(expiringWithin: flaw == .listsAll ? nil : expiry, limit: limit)
        guard flaw == .expiresDuringRuns else { return all }
        let now = time.wallTime(at: time.now)
        return all.filter { $0.expiresAt.map { $0 > now } ?? true }
    }

    func emergencyCounts() async throws -> EmergencyCounts { try await inner.emergencyCounts() }
}

extension StoreFlaw {
    func spoil(_ request: inout JobRequest) {
        switch self {
        case .forgetsTags: request.tags = []
        case .ignoresDelays: request.delay = .zero
        case .delaysTooLong: request.delay *= 100
        case .ignoresIdempotency: request.idempotency = nil
        case .remembersKeysForEver: request.idempotency?.window = .seconds(1_000_000)
        case .repairsRequests: request.maxAttempts = max(1, request.maxAttempts)
        case .ignoresPriorities: request.priority = .normal
        case .triesForEver: request.maxAttempts += 1000
        default: break
        }
    }

    func spoil(_ request: inout ClaimRequest) {
        switch self {
        case .alwaysStrict: request.priorities = JobPriority.allCases
        case .takesOneMore: request.count += 1
        case .waitsForEver: request.patience *= 1_000_000
        case .shortLeases: request.lease = .nanoseconds(1)
        default: break
        }
    }

    func spoil(_ verdict: JobVerdict) -> JobVerdict {
        switch (self, verdict) {
        case (.doneMeansReleased, .done), (.attemptsDoNotCount, .retry): .release
        case (.retriesAtOnce, .retry(_, let error)): .retry(after: .zero, error: error)
        case (.forgetsErrors, .bury(let reason, _)): .bury(reason, error: "")
        case (.releaseCounts, .release): .retry(after: .zero, error: "")
        default: verdict
        }
    }
}
