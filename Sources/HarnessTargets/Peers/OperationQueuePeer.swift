import Dispatch
import Foundation
import HarnessKit
import Synchronization

/// An `OperationQueue` limited by `maxConcurrentOperationCount`, with an asynchronous operation for each body.
enum OperationQueuePeer: Target {
    static let id = "peer.operation-queue"
    static let summary = "An OperationQueue with maxConcurrentOperationCount; each body is an asynchronous Operation."
    static let optionDescriptions = QueuedPeerOptions.descriptions

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.discards = true
        capabilities.virtualObstacle = "an OperationQueue has threads of its own"
        return capabilities
    }

    static func validate(_ options: QueuedPeerOptions) throws { try options.validate() }

    static func make(options: QueuedPeerOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        OperationQueuePeerInstance(options: options, environment: environment)
    }
}

private final class OperationQueuePeerInstance: TargetInstance {
    private let queue = OperationQueue()
    /// Counts what was taken and has not ended.
    ///
    /// A barrier in the queue would do, were it not cancelled with the rest.
    private let group = DispatchGroup()
    private let capacity: Int
    private let executor: (any TaskExecutor)?
    private let work: PeerWork
    /// Whether operations are taken.
    ///
    /// Held while one is added, so that none can slip in once the queue is closed.
    private let isOpen = Mutex(true)

    init(options: QueuedPeerOptions, environment: TargetEnvironment) {
        queue.maxConcurrentOperationCount = PeerLimits.concurrency(options.maxConcurrency)
        capacity = options.queueCapacity ?? .max
        executor = environment.executor
        work = PeerWork(environment)
    }

    func trySubmit(_ operation: HarnessKit.Operation) -> ImmediateSubmission {
        let queued = AsynchronousOperation(executor: executor) { [work, group] in
            await work.run(operation)
            group.leave()
        } onCancelledBeforeStart: { [work, group] in
            work.discard(operation)
            group.leave()
        }
        return isOpen.withLock { isOpen in
            guard isOpen, work.pending < capacity else { return .refused }
            work.enqueue()
            group.enter()
            queue.addOperation(queued)
            return .accepted
        }
    }

    func submit(_ operation: HarnessKit.Operation) async throws -> Submission { trySubmit(operation).settled }

    func drain() async throws {
        try await close().wait()
    }

    func shutdown() async {
        let finished = close()
        // Places that become free are not given to operations that are about to be cancelled.
        queue.isSuspended = true
        queue.cancelAllOperations()
        queue.isSuspended = false
        // Nothing that cancels this task may cut short the promise that all work has ended.
        await Task { try? await finished.wait() }.value
    }

    func accounting() -> TargetAccounting { work.accounting() }

    /// Closes the intake; the latch opens when everything that was taken has ended.
    private func close() -> PeerLatch {
        isOpen.withLock { $0 = false }
        let finished = PeerLatch()
        group.notify(queue: .global()) { finished.open() }
        return finished
    }
}
