internal import EphemeralTime
internal import Processing
internal import Synchronization

/// Rings a bell when a job comes into a queue for which claims wait.
///
/// It reads the streams without the group, at a connection of its own that the server answers when there is something: a
/// reading that is given up has taken no job with it, and one that several wait for serves them all.
final class QueueListener: Sendable {
    private struct State {
        /// How many claims wait.
        var waiting = 0
        /// Per rank the entry after which to read; `nil` when nobody has waited for that priority.
        var positions = [StreamID?](repeating: nil, count: JobPriority.allCases.count)
        /// The task, while nobody waits.
        var idle: CheckedContinuation<Bool, Never>?
        var isClosed = false
    }

    /// How long the server holds a reading: as often it shows that it lives.
    private static let block = Duration.seconds(2)

    private let keys: QueueKeys
    private let client: RedisClient
    private let connector: RedisConnector
    private let bell: WorkBell
    private let state = Mutex(State())
    private let tasks = BackgroundTasks()

    init(keys: QueueKeys, connector: RedisConnector, bell: WorkBell) {
        self.keys = keys
        self.bell = bell
        self.connector = connector
        var own = connector
        own.isShared = false
        own.limits.timeout += Self.block
        client = RedisClient(connector: own)
    }

    func start() {
        client.startLater()
        tasks.start("Redis listener of queue \(keys.name)") { await self.listen() }
    }

    /// Listens until ``end()``.
    func begin() {
        let idle = state.withLock { state in
            state.waiting += 1
            return state.idle.take()
        }
        idle?.resume(returning: true)
    }

    /// Notes the last entries that were handed out when there was nothing to claim: what comes after them is news.
    func note(_ lasts: [(priority: JobPriority, entry: StreamID)]) {
        state.withLock { state in
            for (priority, entry) in lasts {
                state.positions[priority.rank] = max(state.positions[priority.rank] ?? .zero, entry)
            }
        }
    }

    func end() {
        state.withLock { $0.waiting -= 1 }
    }

    func shutdown() async {
        let idle = state.withLock { state in
            state.isClosed = true
            return state.idle.take()
        }
        idle?.resume(returning: false)
        await client.shutdown()
        await tasks.shutdown()
    }

    private func listen() async {
        var backoff = Backoff()
        while await isWanted() {
            do {
                try await read()
                backoff.reset()
            } catch RedisFailure.closed {
                return
            } catch {
                // Whatever came during the outage, the next look finds.
                bell.ring()
                try? await connector.time.sleep(for: backoff.next(random: .random(in: 0..<1)))
            }
        }
    }

    private func read() async throws {
        let positions = state.withLock { $0.positions }
        let ranks = positions.indices.filter { positions[$0] != nil }
        var command: [RedisCommand.Argument] = ["XREAD", "COUNT", "1", "BLOCK"]
        command += [.integer(Self.block.clampedNanoseconds / 1_000_000), "STREAMS"]
        command += ranks.map { .text(keys.streams[$0]) }
        command += ranks.map { .text("\(positions[$0] ?? .zero)") }
        let reply = try await client.call(RedisCommand(command), isCancellable: true)
        guard reply != .null else { return }
        note(entries(in: reply))
        bell.ring()
    }

    /// The entries of an answer: names of streams and their entries in turn in RESP3, pairs of them in RESP2.
    private func entries(in reply: RESPValue) -> [(priority: JobPriority, entry: StreamID)] {
        var pairs: [RESPValue] = []
        if case .map(let elements) = reply {
            pairs = elements
        } else {
            pairs = (reply.elements ?? []).flatMap { $0.elements ?? [] }
        }
        return stride(from: 0, to: pairs.count - 1, by: 2).compactMap { index in
            guard let rank = keys.streams.firstIndex(where: { $0 == pairs[index].string }),
                let priority = JobPriority(number: rank + 1),
                let text = pairs[index + 1].elements?.last?.elements?.first?.string, let entry = StreamID(text)
            else { return nil }
            return (priority, entry)
        }
    }

    /// Returns when somebody waits; `false` at the end.
    private func isWanted() async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.isClosed { return false }
                if state.waiting > 0 { return true }
                state.idle = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }
}

/// The listeners of a store, each begun when a claim first waits for its queue.
final class QueueListeners: Sendable {
    private struct State {
        var listeners: [String: QueueListener] = [:]
        var isClosed = false
    }

    private let connector: RedisConnector
    private let bell: WorkBell
    private let state = Mutex(State())

    init(connector: RedisConnector, bell: WorkBell) {
        self.connector = connector
        self.bell = bell
    }

    /// The listener of a queue; `nil` after the end.
    func listener(of keys: QueueKeys) -> QueueListener? {
        let (listener, isNew) = state.withLock { state -> (QueueListener?, Bool) in
            if state.isClosed { return (nil, false) }
            if let listener = state.listeners[keys.name] { return (listener, false) }
            let listener = QueueListener(keys: keys, connector: connector, bell: bell)
            state.listeners[keys.name] = listener
            return (listener, true)
        }
        if isNew { listener?.start() }
        return listener
    }

    func shutdown() async {
        let listeners = state.withLock { state in
            state.isClosed = true
            return state.listeners
        }
        await withTaskGroup(of: Void.self) { group in
            for listener in listeners.values { group.addTask { await listener.shutdown() } }
        }
    }
}
