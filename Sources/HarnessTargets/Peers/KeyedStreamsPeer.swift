import HarnessKit
import Synchronization

/// A dictionary of streams, one per key with a consumer task each, under a common limit.
///
/// A key's stream ends when nothing of it waits or runs any more, so that idle keys cost nothing.
enum KeyedStreamsPeer: Target {
    static let id = "peer.keyed-streams"
    static let summary = "A dictionary with an AsyncStream and a consumer task per busy key, under a common limit."
    static let optionDescriptions = PeerOptions.descriptions

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.isKeyed = true
        capabilities.refuses = true
        capabilities.discards = true
        capabilities.invariants = [
            "conservation", "concurrency-bound", "concurrency-bound-per-key", "fifo-per-key", "no-task-leak",
        ].map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: PeerOptions) throws { try options.validate() }

    static func make(options: PeerOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        KeyedStreamsPeerInstance(limit: PeerLimits.concurrency(options.maxConcurrency), environment: environment)
    }
}

private final class KeyedStreamsPeerInstance: TargetInstance {
    private struct Stream {
        var continuation: AsyncStream<Operation>.Continuation
        var consumer: Task<Void, Never>
        /// Operations that wait or run.
        var open = 0
    }

    private struct State {
        var closing = PeerClosing()
        var isCancelled = false
        var streams: [Int: Stream] = [:]
    }

    private let state = Mutex(State())
    private let slots: PeerSemaphore
    private let executor: (any TaskExecutor)?
    private let work: PeerWork

    init(limit: Int, environment: TargetEnvironment) {
        slots = PeerSemaphore(limit)
        executor = environment.executor
        work = PeerWork(environment)
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        state.withLock { state in
            guard state.closing.isOpen else { return .refused }
            work.enqueue()
            var stream = state.streams[operation.key] ?? makeStream(for: operation.key)
            stream.open += 1
            stream.continuation.yield(operation)
            state.streams[operation.key] = stream
            return .accepted
        }
    }

    func submit(_ operation: Operation) async throws -> Submission { trySubmit(operation).settled }

    private func makeStream(for key: Int) -> Stream {
        let (stream, continuation) = AsyncStream.makeStream(of: Operation.self)
        let consumer = Task(executorPreference: executor) {
            for await operation in stream {
                await self.run(operation)
                self.ended(key)
            }
        }
        return Stream(continuation: continuation, consumer: consumer)
    }

    private func run(_ operation: Operation) async {
        await slots.acquire()
        if state.withLock({ $0.isCancelled }) { work.discard(operation) } else { await work.run(operation) }
        slots.release()
    }

    private func ended(_ key: Int) {
        let latches = state.withLock { state -> [PeerLatch] in
            guard var stream = state.streams[key] else { return [] }
            stream.open -= 1
            state.streams[key] = stream.open > 0 ? stream : nil
            if stream.open == 0 { stream.continuation.finish() }
            return state.streams.isEmpty ? state.closing.takeLatches() : []
        }
        for latch in latches { latch.open() }
    }

    func drain() async throws {
        try await close().wait()
    }

    func shutdown() async {
        let latch = close()
        let consumers = state.withLock { state in
            state.isCancelled = true
            return state.streams.sorted { $0.key < $1.key }.map(\.value.consumer)
        }
        // A cancelled consumer still receives what is buffered, up to the end.
        for consumer in consumers { consumer.cancel() }
        // Nothing that cancels this task may cut short the promise that all work has ended.
        await Task(executorPreference: executor) { try? await latch.wait() }.value
    }

    private func close() -> PeerLatch {
        let (latch, opensNow) = state.withLock { $0.closing.close(isIdle: $0.streams.isEmpty) }
        if opensNow { latch.open() }
        return latch
    }

    func accounting() -> TargetAccounting { work.accounting() }
}
