import HarnessKit
import Synchronization

/// A task group that adds one child per operation and awaits one before the next when the limit is reached.
enum TaskGroupPeer: Target {
    static let id = "peer.task-group"
    static let summary =
        "A task group with a child per operation: at the limit, one child is awaited before the next is added."
    static let optionDescriptions = PeerOptions.descriptions

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.intake = .pull
        return capabilities
    }

    static func validate(_ options: PeerOptions) throws { try options.validate() }

    static func make(options: PeerOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskGroupPeerInstance(limit: PeerLimits.concurrency(options.maxConcurrency), environment: environment)
    }
}

private final class TaskGroupPeerInstance: TargetInstance {
    private let limit: Int
    private let executor: (any TaskExecutor)?
    private let work: PeerWork
    private let isOpen = Atomic(true)
    /// The task of the run; a task of its own, because `shutdown()` must be able to cancel it.
    private let pump = Mutex<Task<Void, Never>?>(nil)
    private let finished = PeerLatch()

    init(limit: Int, environment: TargetEnvironment) {
        self.limit = limit
        executor = environment.executor
        work = PeerWork(environment)
    }

    func run(_ source: OperationSource) async throws {
        let task = Task(executorPreference: executor) {
            await self.runAll(of: source)
            self.finished.open()
        }
        pump.withLock { $0 = task }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    func drain() async throws {
        isOpen.store(false, ordering: .releasing)
        guard pump.withLock({ $0 }) != nil else { return }
        try await finished.wait()
    }

    func shutdown() async {
        isOpen.store(false, ordering: .releasing)
        guard let task = pump.withLock({ $0 }) else { return }
        task.cancel()
        await task.value
    }

    func accounting() -> TargetAccounting { work.accounting() }

    private func runAll(of source: OperationSource) async {
        let synchronous = source.synchronous?.makeIterator()
        var suspending = source.makeAsyncIterator()
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            while isOpen.load(ordering: .acquiring), !Task.isCancelled {
                // First a free place, then an operation: what is pulled can start, also when the wait ended in a shutdown.
                if running == limit {
                    await group.next()
                    running -= 1
                    continue
                }
                let next = if let synchronous { synchronous.next() } else { await suspending.next() }
                guard let operation = next else { break }
                work.enqueue()
                group.addTask { [work] in await work.run(operation) }
                running += 1
            }
        }
    }
}
