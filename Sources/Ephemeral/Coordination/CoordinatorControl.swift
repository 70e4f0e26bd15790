internal import EphemeralTime

/// The handle through which a coordinator of this library is paused, drained, limited and observed.
///
/// It can do what ``Coordinator`` says, and is passed on by types that wrap a coordinator; see
/// ``ControlledCoordinator``.
public struct CoordinatorControl: Sendable {
    let engine: any EngineHandle

    init(_ engine: any EngineHandle) { self.engine = engine }

    /// What a coordinator does when its last user lets go of it.
    func release() {
        engine.cancel()
        engine.detachRules()
    }

    func drain() async throws {
        engine.finishUnlessSourced()
        try await engine.wait(for: .drained)
        if let error = engine.withCore({ $0.sourceError }) { throw error }
    }

    func drain(timeout: Duration) async throws {
        let time = engine.base.time.source
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask(name: "Ephemeral drain") {
                try await drain()
                return true
            }
            group.addTask(name: "Ephemeral drain timeout") {
                try await time.sleep(for: timeout)
                return false
            }
            defer { group.cancelAll() }
            guard try await group.next() == false else { return }
            let left = engine.withWholeCore { $0.stats }
            throw CoordinatorError(
                code: .drainTimeout,
                message: "after \(timeout) \(left.pending) operations are queued and \(left.active) are running"
            )
        }
    }

    func shutdown() async {
        engine.cancel()
        engine.detachRules()
        await engine.join()
    }

    func setMaxConcurrency(_ limit: Int) throws {
        guard engine.base.options.enableDynamicConcurrency else {
            throw CoordinatorError(
                code: .dynamicConcurrencyDisabled,
                message: "set enableDynamicConcurrency in the options to change the limit"
            )
        }
        guard limit > 0 else { throw CoordinatorError.invalid("maxConcurrency", limit, "give 1 or more") }
        engine.control { $0.limit = limit }
    }
}

extension OperationSelection {
    func contains(_ record: OperationRecord) -> Bool {
        switch self {
        case .running: record.state == .running
        case .finished: record.state != .running
        case .completed: record.state == .completed
        case .failed: record.state == .failed
        case .cancelled: record.state == .cancelled || record.state == .skipped
        }
    }
}

/// The engine of a coordinator, whatever its items.
protocol EngineHandle: AnyObject, Sendable {
    var base: EngineBase { get }
    func withCore<Result: Sendable>(_ read: (CoordinatorCore) -> Result) -> Result
    /// Reads the core with everything that producers have brought taken over.
    func withWholeCore<Result: Sendable>(_ read: (CoordinatorCore) -> Result) -> Result
    func control(_ event: (inout CoordinatorCore) -> Void)
    func setPaused(_ isPaused: Bool)
    func finish()
    func finishUnlessSourced()
    func cancel()
    func wait(for condition: Waiters.Condition) async throws
    func join() async
    func attachRules(to sink: SignalSink, as source: StartGate.Source)
    func detachRules()
    func snapshots(where predicate: (OperationRecord) -> Bool) -> [OperationSnapshot]
    func setPinned(_ id: OperationID, _ isPinned: Bool) -> Bool
    func evict(_ id: OperationID) -> Bool
    func echoes() -> [OperationEcho]
    func ownSignals(_ query: SignalQuery) -> [SignalEvent]
}
