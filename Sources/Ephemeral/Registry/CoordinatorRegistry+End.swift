internal import EphemeralTime
internal import Synchronization

extension CoordinatorRegistry {
    /// Drains all coordinators that have been made, one after the other from the newest to the oldest.
    ///
    /// Each is finished when its turn comes, also one that a sequence feeds: it takes nothing more from it. Coordinators
    /// that are made meanwhile, because a body asks for them, are drained too; then the registry makes no more. One whose
    /// drain throws does not keep the others from theirs.
    ///
    /// **Cancellation**: throws `CancellationError`; the coordinators that had their turn stay finished, all go on.
    ///
    /// - Throws: The first error that a coordinator's `drain()` threw.
    public func drain() async throws {
        var drained: Set<Int> = []
        var firstError: (any Error)?
        while let (number, coordinator) = state.withLock({ $0.newest(besides: drained) }) {
            drained.insert(number)
            // Draining alone waits for the end of a sequence, and some never end.
            coordinator.finish()
            do {
                try await coordinator.drain()
            } catch {
                try Task.checkCancellation()
                firstError = firstError ?? error
            }
        }
        if let firstError { throw firstError }
    }

    /// Drains for at most this long, all coordinators together.
    ///
    /// **Cancellation**: throws `CancellationError`, as ``drain()`` does.
    ///
    /// - Parameter timeout: How long to wait.
    /// - Throws: ``CoordinatorError`` with code `drainTimeout` when something is left then, and what ``drain()`` throws.
    public func drain(timeout: Duration) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask(name: "Ephemeral registry drain") {
                try await self.drain()
                return true
            }
            group.addTask(name: "Ephemeral registry drain timeout") {
                try await self.time.sleep(for: timeout)
                return false
            }
            defer { group.cancelAll() }
            guard try await group.next() == false else { return }
            throw CoordinatorError(code: .drainTimeout, message: "after \(timeout) work is left: \(unfinished())")
        }
    }

    /// Cancels all coordinators that have been made, one after the other from the newest to the oldest, each when the
    /// bodies of the one before have ended.
    ///
    /// Makes no more coordinators. One that is being made then is shut down by the task that makes it, and nobody gets it.
    /// Idempotent.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    public func shutdown() async {
        let coordinators = state.withLock { state in
            state.close()
            return state.coordinators.map(\.coordinator)
        }
        for coordinator in coordinators.reversed() { await coordinator.shutdown() }
    }

    /// The coordinators that have work, for people.
    private func unfinished() -> String {
        let made = state.withLock { state in
            state.coordinators.map { ($0.key.label, state.registrations[$0.key]?.typeName ?? "", $0.coordinator) }
        }
        let descriptions = made.compactMap { label, type, coordinator -> String? in
            let stats = coordinator.stats
            guard stats.pending + stats.active > 0 else { return nil }
            return "\(type) \(label) has \(stats.pending) queued and \(stats.active) running"
        }
        return descriptions.joined(separator: ", ")
    }
}
