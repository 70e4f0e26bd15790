internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

extension ProcessingManager {
    /// Executes a critical operation, with a backup of it in case that it does not get to its end.
    ///
    /// The backup is written before the operation begins, unless the options say otherwise, and removed when it has
    /// succeeded or thrown a ``UserError``. A store that does not take the backup does not keep the operation from running:
    /// `processing.backup.failed:<id>` is raised and the local journal takes it.
    ///
    /// **Cancellation**: the processor's task is cancelled; a run that gives in is backed up as failed, and
    /// `CancellationError` is thrown.
    ///
    /// - Parameters:
    ///   - entity: What the operation is about.
    ///   - processor: The name under which a processor for the same entity is registered; without one the backup can be
    ///     read but not tried again by name.
    ///   - tags: Words to find the backup by.
    ///   - operationID: The identity; one that the caller keeps for the same payment makes a second call fail while the
    ///     first is not done.
    ///   - timeout: How long the processor may take before it is cancelled.
    ///   - work: What is done.
    /// - Returns: What the processor returns.
    /// - Throws: ``UserError`` as the processor threw it; ``CriticalFailure`` with any other error of the processor;
    ///   ``ProcessingError`` when the operation did not begin.
    public func processCritical<Entity: Encodable & Sendable, Output: Sendable>(
        _ entity: Entity,
        processor: String? = nil,
        tags: [String] = [],
        operationID: EmergencyID = .next(),
        timeout: Duration? = nil,
        _ work: @escaping @Sendable (_ entity: Entity, _ context: ProcessingContext) async throws -> Output
    ) async throws -> Output {
        let payload = try PayloadCoding.encode(entity, for: processor ?? "critical operation '\(operationID)'")
        let request = EmergencyRequest(
            id: operationID,
            operation: processor,
            payload: payload,
            tags: tags,
            ttl: options.backupTTL,
            lease: options.emergencyLease
        )
        try request.validate(maxPayloadBytes: store.maxPayloadBytes)
        let context = ProcessingContext(operationID: operationID.rawValue, attempt: 1, queue: nil, tags: tags)
        return try await execute(request, timeout: timeout) { try await work(entity, context) }
    }

    /// Executes a critical operation with a registered processor; see the method that takes a closure.
    ///
    /// **Cancellation**: as there.
    ///
    /// - Parameters:
    ///   - entity: What the operation is about.
    ///   - processor: The name of the processor.
    ///   - output: What the processor returns.
    ///   - tags: Words to find the backup by.
    ///   - operationID: The identity.
    ///   - timeout: How long the processor may take before it is cancelled.
    /// - Returns: What the processor returns.
    /// - Throws: As there; ``ProcessingError`` with code `unknownProcessor` before anything begins.
    @discardableResult
    public func processCritical<Output: Sendable>(
        _ entity: some Encodable & Sendable,
        processor: String,
        returning output: Output.Type = (any Sendable).self,
        tags: [String] = [],
        operationID: EmergencyID = .next(),
        timeout: Duration? = nil
    ) async throws -> Output {
        guard processors.contains(processor) else { throw processors.unknown(processor) }
        let payload = try PayloadCoding.encode(entity, for: processor)
        return try await processCritical(
            entity,
            processor: processor,
            tags: tags,
            operationID: operationID,
            timeout: timeout
        ) { [processors] _, context in
            let result = try await processors.run(processor, payload: payload, context: context)
            guard let result = result as? Output else {
                throw ProcessingError(
                    code: .invalidArgument,
                    message: "processor '\(processor)' returned a \(Swift.type(of: result)), not a \(Output.self)"
                )
            }
            return result
        }
    }

    private func execute<Output: Sendable>(
        _ request: EmergencyRequest,
        timeout: Duration?,
        _ work: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        let run = CriticalRun(manager: self, request: request)
        let start = time.now
        raise("processing.critical.started:\(run.id)")
        unsettled.withLock { $0.begin(run.id) }
        defer { unsettled.withLock { $0.end(run.id) } }
        let whereabouts = options.backup == .writeAhead ? try await run.begin() : CriticalRun.Whereabouts()
        let result = await Result.catching { [time] in
            try await run.whileRenewing(in: whereabouts, token: request.token) {
                try await time.withTimeout(timeout, work)
            }
        }
        switch result {
        case .success(let output):
            await run.settle(.resolved(remembering: .zero), token: request.token, in: whereabouts)
            finished(run, .completed, since: start, signal: "processing.critical.completed")
            return output
        case .failure(let error as UserError):
            await run.settle(.resolved(remembering: .zero), token: request.token, in: whereabouts)
            finished(run, .userError, since: start, signal: "processing.critical.user_error")
            throw error
        case .failure(let error):
            let backup = await keep(run, "\(error)", whereabouts)
            let isKept = [.store, .journal].contains(backup)
            finished(
                run,
                isKept ? .backedUp : .lost,
                since: start,
                signal: isKept ? "processing.critical.backed_up" : nil
            )
            raise("processing.alert.critical:\(run.id)")
            if error is CancellationError { throw error }
            throw CriticalFailure(operationID: run.id, backup: backup, underlyingError: error)
        }
    }

    /// Sees to it that a failed run has a backup.
    private func keep(
        _ run: CriticalRun,
        _ error: String,
        _ known: CriticalRun.Whereabouts
    ) async -> CriticalFailure.Backup {
        var whereabouts = known
        if known.place == nil {
            // The caller may be cancelled; the backup is written all the same.
            let task = tasks.spawn("Processing backup") { await run.backUp(error, after: known) }
            whereabouts = await task.value
        } else {
            await run.settle(.failed(error), token: run.request.token, in: known)
        }
        return switch whereabouts.place {
        case .store: .store
        case .journal: .journal
        case nil: whereabouts.unsure.isEmpty ? .none : .unknown
        }
    }

    private func finished(
        _ run: CriticalRun,
        _ outcome: CriticalOutcome,
        since start: ContinuousClock.Instant,
        signal: String?
    ) {
        if let signal { raise("\(signal):\(run.id)") }
        options.observer?.criticalEnded(run.id, outcome: outcome, duration: start.duration(to: time.now))
    }
}

extension Result where Failure == any Error {
    static func catching(_ work: () async throws -> Success) async -> Self {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}

extension TimeSource {
    /// Runs work and cancels it when it takes too long; waits for its end in either case.
    func withTimeout<Output: Sendable>(
        _ timeout: Duration?,
        _ work: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        guard let timeout else { return try await work() }
        let error = ProcessingError(
            code: .timedOut,
            message: "the processor took longer than \(timeout) and was cancelled; allow more time or make it faster"
        )
        return try await withThrowingTaskGroup(of: Output?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let output = try await group.next() ?? nil else { throw error }
            return output
        }
    }
}
