internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// One run of a critical operation and its backup.
struct CriticalRun: Sendable {
    let manager: ProcessingManager
    let request: EmergencyRequest

    var id: EmergencyID { request.id }

    /// What may hold a backup.
    enum Place: Sendable, CaseIterable {
        case store
        case journal
    }

    /// Where the backup of the run is, as far as is known.
    struct Whereabouts: Sendable {
        /// Who has acknowledged it.
        var place: Place?
        /// Who may have it although they did not say so.
        var unsure: Set<Place> = []

        /// Everybody who has it or may have it.
        var all: [Place] { Place.allCases.filter { $0 == place || unsure.contains($0) } }

        mutating func acknowledge(at place: Place) {
            self.place = self.place ?? place
            unsure.remove(place)
        }
    }

    /// Writes the backup before the run begins.
    func begin() async throws -> Whereabouts {
        do {
            _ = try await manager.store.beginEmergency(request)
            return Whereabouts(place: .store)
        } catch let error as ProcessingError where error.refusesTheRequest {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            return await spill(error)
        }
    }

    /// Sees to it that a run has a backup that has failed, and of which nobody has acknowledged one.
    ///
    /// Who may have one and does not say so is told again by the manager.
    func backUp(_ failure: String, after known: Whereabouts) async -> Whereabouts {
        var whereabouts = known
        for place in known.all {
            // Whoever had taken the backup before the run says so now.
            let isKept = try? await store(at: place)?.settle(id, token: request.token, .failed(failure))
            if isKept == true { whereabouts.acknowledge(at: place) }
        }
        if whereabouts.place == nil { whereabouts = await writeBackup(failure, after: whereabouts) }
        // What was written only now says itself that the run has failed.
        for place in whereabouts.all where place != whereabouts.place && known.unsure.contains(place) {
            manager.remember(report(.failed(failure), request.token, to: place, in: whereabouts))
        }
        return whereabouts
    }

    private func writeBackup(_ failure: String, after known: Whereabouts) async -> Whereabouts {
        var (request, whereabouts) = (request, known)
        request.failure = failure
        do {
            _ = try await manager.store.beginEmergency(request)
            whereabouts.acknowledge(at: .store)
            return whereabouts
        } catch {
            return await CriticalRun(manager: manager, request: request).spill(error, after: known)
        }
    }

    private func spill(_ error: any Error, after known: Whereabouts = Whereabouts()) async -> Whereabouts {
        var whereabouts = known
        func note(_ error: any Error, at place: Place) {
            manager.noteStoreFailure(error)
            if error.leavesOutcomeOpen { whereabouts.unsure.insert(place) }
        }
        note(error, at: .store)
        manager.raise("processing.backup.failed:\(id)")
        guard let journal = manager.journal else { return whereabouts }
        do {
            _ = try await journal.beginEmergency(request)
            whereabouts.acknowledge(at: .journal)
        } catch {
            note(error, at: .journal)
        }
        return whereabouts
    }

    /// Runs work while the lease of the run is renewed, also where nobody knows whether there is one.
    func whileRenewing<Output: Sendable>(
        in whereabouts: Whereabouts,
        token: LeaseToken,
        _ work: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        let stores = whereabouts.all.compactMap(store(at:))
        guard !stores.isEmpty else { return try await work() }
        let (lease, time) = (manager.options.emergencyLease, manager.time)
        // Each by itself: one that does not answer must not let the lease run out at the other.
        let renewals = stores.map { store in
            manager.vitalSigns.spawn("Processing renewal") {
                // Ends with its cancellation.
                while (try? await time.sleep(for: lease / 3)) != nil {
                    do {
                        _ = try await store.renewEmergency(id, token: token, lease: lease)
                    } catch is CancellationError {
                        return
                    } catch {
                        manager.noteStoreFailure(error)
                    }
                }
            }
        }
        defer { for renewal in renewals { renewal.cancel() } }
        return try await work()
    }

    private func store(at place: Place) -> (any EmergencyStore)? { manager.emergencyStore(at: place) }

    /// Tells everybody who has or may have the backup how the run has ended; what they do not take is told again by the
    /// manager.
    func settle(_ end: UnsettledRuns.End, token: LeaseToken, in whereabouts: Whereabouts) async {
        guard !whereabouts.all.isEmpty else { return }
        // Also of a run that was cancelled the end is told, and nobody waits for another's answer to hear of it.
        let task = manager.tasks.spawn("Processing settlement") {
            await withDiscardingTaskGroup { group in
                for place in whereabouts.all {
                    let report = report(end, token, to: place, in: whereabouts)
                    group.addTask {
                        do {
                            if try await manager.tell(report) { return }
                        } catch {
                            manager.noteStoreFailure(error)
                        }
                        manager.remember(report)
                    }
                }
            }
        }
        await task.value
    }

    private func report(
        _ end: UnsettledRuns.End,
        _ token: LeaseToken,
        to place: Place,
        in whereabouts: Whereabouts
    ) -> UnsettledRuns.Report {
        UnsettledRuns.Report(id: id, token: token, end: end, place: place, isSure: place == whereabouts.place)
    }
}

extension EmergencyStore {
    /// Notes the end of a run; returns whether it was the present one.
    func settle(_ id: EmergencyID, token: LeaseToken, _ end: UnsettledRuns.End) async throws -> Bool {
        switch end {
        case .resolved(let memory): try await resolveEmergency(id, token: token, remembering: memory)
        case .failed(let error): try await failEmergency(id, token: token, error: error)
        }
    }
}

extension ProcessingError {
    /// Whether the request itself is at fault, so that no other place would take it either.
    var refusesTheRequest: Bool {
        [.invalidArgument, .payloadTooLarge, .alreadyExists, .alreadyResolved].contains(code)
    }
}

extension Error {
    /// Whether a call that threw it may have been done all the same.
    fileprivate var leavesOutcomeOpen: Bool {
        guard !(self is CancellationError) else { return false }
        return (self as? ProcessingError).map { $0.code == .outcomeUnknown } ?? true
    }
}
