import HarnessKit

/// An `AsyncStream` as the queue, with as many consumer tasks as may run at once; a yield never suspends.
enum AsyncStreamPeer: Target {
    static let id = "peer.async-stream"
    static let summary =
        "An AsyncStream as queue with one consumer task per unit of concurrency; yielding never suspends."
    static let optionDescriptions = QueuedPeerOptions.descriptions

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.discards = true
        return capabilities
    }

    static func validate(_ options: QueuedPeerOptions) throws { try options.validate() }

    static func make(options: QueuedPeerOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        AsyncStreamPeerInstance(options: options, environment: environment)
    }
}

private final class AsyncStreamPeerInstance: TargetInstance {
    private let continuation: AsyncStream<Operation>.Continuation
    private let consumers: PeerConsumers
    private let work: PeerWork

    init(options: QueuedPeerOptions, environment: TargetEnvironment) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Operation.self,
            bufferingPolicy: options.queueCapacity.map { .bufferingOldest($0) } ?? .unbounded
        )
        let work = PeerWork(environment)
        consumers = PeerConsumers(
            count: PeerLimits.concurrency(options.maxConcurrency),
            executor: environment.executor
        ) {
            // A cancelled consumer still receives what is buffered, up to the end.
            for await operation in stream {
                if Task.isCancelled { work.discard(operation) } else { await work.run(operation) }
            }
        }
        self.continuation = continuation
        self.work = work
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        work.enqueue()
        if case .enqueued = continuation.yield(operation) { return .accepted }
        work.withdraw()
        return .refused
    }

    func submit(_ operation: Operation) async throws -> Submission { trySubmit(operation).settled }

    func drain() async throws {
        continuation.finish()
        try await consumers.wait()
    }

    func shutdown() async {
        continuation.finish()
        await consumers.cancel()
    }

    func accounting() -> TargetAccounting { work.accounting() }
}
