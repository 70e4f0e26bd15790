internal import Ephemeral
internal import EphemeralTime

/// What became of trying a critical operation again.
@nonexhaustive
public enum EmergencyRetry: Sendable {
    /// The processor has succeeded, and the backup is gone.
    case resolved
    /// The processor has failed again.
    case failed(any Error)
    /// A run is under way somewhere else.
    case alreadyRetrying
    /// The operation was done before.
    case alreadyResolved
    /// There is no such backup, or no more.
    case notFound
    /// The backup has no name of a processor, or one that is not registered here.
    case notReplayable(ProcessingError)

    /// Whether the operation was done by this call.
    public var isResolved: Bool { if case .resolved = self { true } else { false } }
}

extension ProcessingManager {
    /// Critical operations that are not done, oldest first.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: Their backups.
    /// - Throws: ``ProcessingError``.
    public func pendingEmergencies(limit: Int = 100) async throws -> [Emergency] {
        try await store.emergencies(expiringWithin: nil, limit: limit)
    }

    /// Keeps a backup for longer.
    ///
    /// - Parameters:
    ///   - id: The operation.
    ///   - ttl: How long from now on; `nil` is for ever.
    /// - Returns: Whether there is such a backup.
    /// - Throws: ``ProcessingError``.
    public func extendEmergency(_ id: EmergencyID, ttl: Duration?) async throws -> Bool {
        try await store.extendEmergency(id, ttl: ttl)
    }

    /// Tries a critical operation again, with the registered processor of its name.
    ///
    /// However many try at once, one run is made.
    ///
    /// **Cancellation**: the processor's task is cancelled; a run that gives in counts as failed.
    ///
    /// - Parameter id: The operation.
    /// - Returns: What became of it.
    /// - Throws: ``ProcessingError`` when the store did not answer.
    public func retryEmergency(_ id: EmergencyID) async throws -> EmergencyRetry {
        let claimed: ClaimedEmergency
        do {
            claimed = try await store.claimEmergency(id, lease: options.emergencyLease)
        } catch let error as ProcessingError {
            switch error.code {
            case .notFound: return .notFound
            case .alreadyRetrying: return .alreadyRetrying
            case .alreadyResolved: return .alreadyResolved
            default: throw error
            }
        }
        let emergency = claimed.emergency
        guard let name = emergency.operation, processors.contains(name) else {
            return .notReplayable(await refuse(claimed))
        }
        let run = CriticalRun(manager: self, request: EmergencyRequest(emergency))
        let context = ProcessingContext(
            operationID: id.rawValue,
            attempt: emergency.attempts + 1,
            queue: nil,
            tags: emergency.tags
        )
        let start = time.now
        let result = await Result.catching { [processors] in
            try await run.whileRenewing(in: CriticalRun.Whereabouts(place: .store), token: claimed.token) {
                _ = try await processors.run(name, payload: emergency.payload, context: context)
            }
        }
        return await finish(run, claimed.token, result, since: start)
    }

    private func finish(
        _ run: CriticalRun,
        _ token: LeaseToken,
        _ result: Result<Void, any Error>,
        since start: ContinuousClock.Instant
    ) async -> EmergencyRetry {
        func note(_ outcome: CriticalOutcome) {
            options.observer?.criticalEnded(run.id, outcome: outcome, duration: start.duration(to: time.now))
        }
        switch result {
        case .success:
            await run.settle(
                .resolved(remembering: options.resolvedMemory),
                token: token,
                in: CriticalRun.Whereabouts(place: .store)
            )
            raise("processing.critical.completed:\(run.id)")
            note(.completed)
            return .resolved
        case .failure(let error):
            let error = (error as? MalformedPayload)?.error ?? error
            await run.settle(.failed("\(error)"), token: token, in: CriticalRun.Whereabouts(place: .store))
            raise("processing.alert.critical:\(run.id)")
            note(.backedUp)
            return .failed(error)
        }
    }

    /// Gives a claim back that cannot be tried here.
    private func refuse(_ claimed: ClaimedEmergency) async -> ProcessingError {
        let error =
            claimed.emergency.operation.map { processors.unknown($0) }
            ?? ProcessingError(
                code: .notReplayable,
                message: "critical operation '\(claimed.emergency.id)' was executed without the name of a processor; "
                    + "mend it by hand with the payload of its backup"
            )
        let run = CriticalRun(manager: self, request: EmergencyRequest(claimed.emergency))
        await run.settle(.failed("\(error)"), token: claimed.token, in: CriticalRun.Whereabouts(place: .store))
        return error
    }
}

extension EmergencyRequest {
    /// A request for a backup that exists already somewhere.
    init(_ emergency: Emergency) {
        self.init(
            id: emergency.id,
            operation: emergency.operation,
            payload: emergency.payload,
            tags: emergency.tags,
            failure: emergency.error
        )
    }
}
