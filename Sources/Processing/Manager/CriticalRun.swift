internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// One run of a critical operation and its backup.
struct CriticalRun: Sendable {
    let manager: ProcessingManager
    let request: EmergencyRequest

    var id: EmergencyID { request.id }

    /// Where the run is known.
    enum Place: Sendable {
        case store
        case journal
        case nowhere
    }

    /// Writes the backup before the run.
    func begin() async throws -> Place {
        do {
            _ = try await manager.store.beginEmergency(request)
            return .store
        } catch let error as ProcessingError where error.refusesTheRequest {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            return await spill(error)
        }
    }

    /// Writes the backup of a run that has failed.
    func backUp(_ failure: String) async -> Place {
        var request = request
        request.failure = failure
        do {
            _ = try await manager.store.beginEmergency(request)
            return .store
        } catch {
            return await CriticalRun(manager: manager, request: request).spill(error)
        }
    }

    private func spill(_ error: any Error) async -> Place {
        manager.noteStoreFailure(error)
        manager.raise("processing.backup.failed:\(id)")
        guard let journal = manager.journal else { return .nowhere }
        do {
            _ = try await journal.beginEmergency(request)
            return .journal
        } catch {
            manager.noteStoreFailure(error)
            return .nowhere
        }
    }

    /// Runs work while the lease of the run is renewed.
    func whileRenewing<Output: Sendable>(
        in place: Place,
        token: LeaseToken,
        _ work: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        guard let store = store(at: place) else { return try await work() }
        let (lease, time) = (manager.options.emergencyLease, manager.time)
        let renewal = manager.vitalSigns.spawn("Processing renewal") {
            // Ends with its cancellation.
            while (try? await time.sleep(for: lease / 3)) != nil {
                do {
                    guard try await store.renewEmergency(id, token: token, lease: lease) else { return }
                } catch {
                    manager.noteStoreFailure(error)
                }
            }
        }
        defer { renewal.cancel() }
        return try await work()
    }

    func store(at place: Place) -> (any EmergencyStore)? {
        switch place {
        case .store: manager.store
        case .journal: manager.journal
        case .nowhere: nil
        }
    }

    /// Tells the store how the run has ended; what it does not take is told again by ``ProcessingManager/sweep()``.
    func settle(_ end: UnsettledRuns.End, token: LeaseToken, in place: Place) async {
        guard let store = store(at: place) else { return }
        if case .journal = place {
            // The store may have taken the backup although it did not say so.
            let report = UnsettledRuns.Report(id: id, token: token, end: end, isInJournal: false)
            manager.unsettled.withLock { $0.remember(report) }
        }
        // Also of a run that was cancelled the end is told.
        let task = manager.tasks.spawn("Processing settlement") { [manager] in
            do {
                try await store.settle(id, token: token, end)
            } catch {
                manager.noteStoreFailure(error)
                let report = UnsettledRuns.Report(id: id, token: token, end: end, isInJournal: place == .journal)
                manager.unsettled.withLock { $0.remember(report) }
            }
        }
        await task.value
    }
}

extension EmergencyStore {
    func settle(_ id: EmergencyID, token: LeaseToken, _ end: UnsettledRuns.End) async throws {
        switch end {
        case .resolved(let memory): _ = try await resolveEmergency(id, token: token, remembering: memory)
        case .failed(let error): _ = try await failEmergency(id, token: token, error: error)
        }
    }
}

extension ProcessingError {
    /// Whether the request itself is at fault, so that no other place would take it either.
    fileprivate var refusesTheRequest: Bool {
        [.invalidArgument, .payloadTooLarge, .alreadyExists, .alreadyResolved].contains(code)
    }
}
