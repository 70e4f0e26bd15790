import HarnessKit
import Synchronization

/// A task for each operation, whose value whoever submitted it awaits: results without a coordinator.
enum TaskPerOperationPeer: Target {
    static let id = "peer.task-per-operation"
    static let summary = "A task per operation, whose value the submission awaits; nothing limits how many run at once."

    /// It has no options.
    struct Options: Codable, Sendable {}

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.invariants = ["conservation", "result-exactly-once", "no-task-leak"]
            .map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskPerOperationPeerInstance(environment)
    }
}

private final class TaskPerOperationPeerInstance: TargetInstance {
    private struct State {
        var closing = PeerClosing()
        var running: [Int: Task<Int?, Never>] = [:]
    }

    private let state = Mutex(State())
    private let executor: (any TaskExecutor)?
    private let observer: TargetObserver
    private let work: PeerWork

    init(_ environment: TargetEnvironment) {
        executor = environment.executor
        observer = environment.observer
        work = PeerWork(environment)
    }

    func submit(_ operation: Operation) async throws -> Submission {
        let task = state.withLock { state -> Task<Int?, Never>? in
            guard state.closing.isOpen else { return nil }
            work.enqueue()
            let task = Task(executorPreference: executor) { [work] in
                let isCompleted = await work.run(operation)
                return isCompleted ? operation.index : nil
            }
            // Needed only to cancel it and to wait for it.
            state.running[operation.index] = task
            return task
        }
        guard let task else { return .refused }
        let result = await task.value
        observer.delivered(operation, result: result)
        ended(operation)
        return .accepted
    }

    private func ended(_ operation: Operation) {
        let latches = state.withLock { state -> [PeerLatch] in
            state.running[operation.index] = nil
            return state.running.isEmpty ? state.closing.takeLatches() : []
        }
        for latch in latches { latch.open() }
    }

    func drain() async throws {
        try await close().wait()
    }

    func shutdown() async {
        let latch = close()
        let running = state.withLock { $0.running.sorted { $0.key < $1.key } }
        for (_, task) in running { task.cancel() }
        // Nothing that cancels this task may cut short the promise that all work has ended.
        await Task(executorPreference: executor) { try? await latch.wait() }.value
    }

    private func close() -> PeerLatch {
        let (latch, opensNow) = state.withLock { $0.closing.close(isIdle: $0.running.isEmpty) }
        if opensNow { latch.open() }
        return latch
    }

    func accounting() -> TargetAccounting { work.accounting() }
}
