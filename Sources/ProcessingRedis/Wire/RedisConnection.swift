internal import EphemeralTime
internal import NIOCore
internal import Synchronization

/// One socket, from the moment it is connected until it is closed.
///
/// Commands of many callers are collected and written together, in the order in which they came.
final class RedisConnection: Sendable {
    private typealias Waiter = CheckedContinuation<RESPValue, any Error>

    private struct State {
        var queue: CommandQueue<Waiter>
        /// Why the connection cannot go on.
        var reason: String?
        /// Who looks after late answers, while there are none to look after.
        var watcher: CheckedContinuation<ContinuousClock.Instant?, Never>?
        var lastRead: ContinuousClock.Instant
    }

    private struct Waking {
        let watcher: CheckedContinuation<ContinuousClock.Instant?, Never>
        let expiry: ContinuousClock.Instant
    }

    private let channel: any Channel
    private let time: any TimeSource
    private let limits: CommandLimits
    private let state: Mutex<State>

    private init(channel: any Channel, limits: CommandLimits, time: any TimeSource) {
        self.channel = channel
        self.limits = limits
        self.time = time
        state = Mutex(State(queue: CommandQueue(limits: limits), lastRead: time.now))
    }

    /// Begins to work on a socket before it is connected, on its event loop: nothing that happens to it is missed.
    static func begin(
        on channel: any Channel,
        limits: CommandLimits,
        time: any TimeSource
    ) throws -> RedisConnection {
        let connection = RedisConnection(channel: channel, limits: limits, time: time)
        channel.closeFuture.whenComplete { _ in connection.ended() }
        try channel.pipeline.syncOperations.addHandler(RedisChannelHandler(connection))
        return connection
    }

    /// When the last answer came, or the connection began.
    var lastRead: ContinuousClock.Instant { state.withLock { $0.lastRead } }

    /// How many answers are missing.
    var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Sends a command and returns its answer.
    ///
    /// **Ordering**: commands are executed in the order of the calls.
    ///
    /// **Cancellation**: has no effect; see ``sendUnlessCancelled(_:)``.
    ///
    /// - Throws: ``RedisFailure``.
    func send(_ command: RedisCommand) async throws -> RESPValue {
        try await withCheckedThrowingContinuation { _ = add(command, for: $0) }
    }

    /// Sends a command and returns its answer, unless the caller gives up waiting.
    ///
    /// **Cancellation**: throws `CancellationError`; the server may execute the command all the same.
    ///
    /// - Throws: ``RedisFailure``, `CancellationError`.
    func sendUnlessCancelled(_ command: RedisCommand) async throws -> RESPValue {
        let number = Mutex<Int?>(nil)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let added = add(command, for: waiter)
                number.withLock { $0 = added }
                // The handler may have run before there was a number.
                if Task.isCancelled, let added { abandon(added) }
            }
        } onCancel: {
            if let number = number.withLock({ $0 }) { abandon(number) }
        }
    }

    private func abandon(_ number: Int) {
        state.withLock { $0.queue.abandon(number) }?.resume(throwing: CancellationError())
    }

    private func add(_ command: RedisCommand, for waiter: Waiter) -> Int? {
        let now = time.now
        let (result, waking) = state.withLock { state in
            let result = state.queue.add(command, for: waiter, now: now)
            // Only a watcher that has nothing to look after wants to be told.
            guard state.watcher != nil, let expiry = state.queue.nextExpiry else { return (result, Waking?.none) }
            return (result, state.watcher.take().map { Waking(watcher: $0, expiry: expiry) })
        }
        waking?.watcher.resume(returning: waking?.expiry)
        switch result {
        case .success(let added):
            if added.mustTell { channel.eventLoop.execute { self.write() } }
            return added.number
        case .failure(.notSent(let reason)):
            waiter.resume(throwing: RedisFailure.notSent(state.withLock { $0.reason } ?? reason))
            return nil
        case .failure(let failure):
            waiter.resume(throwing: failure)
            return nil
        }
    }

    private func write() {
        guard let bytes = state.withLock({ $0.queue.takeOutgoing() }) else { return }
        channel.writeAndFlush(bytes).whenComplete { _ in
            if self.state.withLock({ $0.queue.finishWriting() }) { self.write() }
        }
    }

    /// Takes nothing new and closes when all answers have come.
    func drain() {
        if state.withLock({ $0.queue.drain() }) { close() }
    }

    /// Closes without waiting for answers.
    func close(because reason: String? = nil) {
        if let reason { state.withLock { $0.reason = $0.reason ?? reason } }
        channel.close(promise: nil)
    }

    /// Returns when the connection is closed.
    ///
    /// - Returns: Why, if it is known.
    func closed() async -> String? {
        try? await channel.closeFuture.get()
        return state.withLock { $0.reason }
    }

    /// Lets calls fail whose answers are late, until the connection is closed.
    ///
    /// **Cancellation**: returns.
    func watch() async {
        while let expiry = await nextExpiry() {
            do { try await time.sleep(until: expiry) } catch { return }
            let now = time.now
            let expired = state.withLock { $0.queue.expire(now: now) }
            for waiter in expired.waiters {
                waiter.resume(throwing: RedisFailure.unknown("the server did not answer within \(limits.timeout)"))
            }
            if expired.mustClose { close(because: "the server did not answer within \(limits.timeout * 2)") }
        }
    }

    /// When to look for late answers; `nil` when the connection is closed.
    private func nextExpiry() async -> ContinuousClock.Instant? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: ContinuousClock.Instant?? = state.withLock { state in
                    if state.queue.phase == .closed || Task.isCancelled { return .some(nil) }
                    if let expiry = state.queue.nextExpiry { return expiry }
                    state.watcher = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.watcher.take() }?.resume(returning: nil)
        }
    }
}

/// What the socket reports.
extension RedisConnection {
    /// Hands answers to those who wait for them.
    func received(_ replies: [RESPValue]) {
        let now = time.now
        let (answers, isOver, isForeign) = state.withLock { state in
            state.lastRead = now
            var answers: [(waiter: Waiter, reply: RESPValue)] = []
            answers.reserveCapacity(replies.count)
            var (isOver, isForeign) = (false, false)
            for reply in replies {
                if case .push = reply { continue }
                guard let answered = state.queue.answer() else {
                    isForeign = true
                    break
                }
                if let waiter = answered.waiter { answers.append((waiter, reply)) }
                isOver = isOver || answered.isLast
            }
            return (answers, isOver, isForeign)
        }
        for answer in answers { answer.waiter.resume(returning: answer.reply) }
        if isForeign { close(because: "the server sent an answer that nobody has asked for") }
        if isOver { close() }
    }

    /// Ends the connection because of an error of the socket or of what came from it.
    func failed(_ error: any Error) {
        close(because: "\(error)")
    }

    private func ended() {
        let (left, reason, watcher) = state.withLock { state in
            let left = state.queue.close()
            return (left, state.reason ?? "the connection was closed", state.watcher.take())
        }
        watcher?.resume(returning: nil)
        for (waiter, wasWritten) in left {
            waiter.resume(throwing: wasWritten ? RedisFailure.unknown(reason) : RedisFailure.notSent(reason))
        }
    }
}

/// Turns the bytes of a socket into replies.
private final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: RedisConnection
    private var parser = RESPParser()

    init(_ connection: RedisConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data))
        var replies: [RESPValue] = []
        do throws(RESPError) {
            while let reply = try parser.next() { replies.append(reply) }
        } catch {
            connection.received(replies)
            connection.failed(error)
            return
        }
        connection.received(replies)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.failed(error)
    }
}
