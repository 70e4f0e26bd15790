internal import EphemeralTime
internal import Logging
internal import NIOCore
internal import Synchronization

/// A connection that comes back by itself.
///
/// Calls during an outage wait for its end as long as an answer may take, and then fail as not sent.
final class RedisClient: Sendable {
    private typealias Waiter = CheckedContinuation<RedisConnection, any Error>
    private typealias State = ClientState<RedisConnection, Waiter>

    private let connector: RedisConnector
    private let time: any TimeSource
    private let logger: Logger
    private let state: Mutex<State>
    private let tasks = BackgroundTasks()
    private let server = Mutex(RedisServer())

    init(connector: RedisConnector) {
        self.connector = connector
        time = connector.time
        logger = connector.logger
        state = Mutex(State(limit: connector.limits.commands, now: time.now))
    }

    /// How it is.
    struct Report: Sendable {
        var isReady = false
        /// Why there is no connection.
        var reason: String?
        var downSince: ContinuousClock.Instant?
        var lastRead: ContinuousClock.Instant?
        var reconnects = 0
        var waitingCount = 0
    }

    var report: Report {
        state.withLock { state in
            var report = Report(reason: state.reason, reconnects: state.reconnects)
            if case .ready(let connection) = state.phase {
                (report.isReady, report.lastRead) = (true, connection.lastRead)
                report.waitingCount = connection.waitingCount
            } else {
                report.downSince = state.downSince
            }
            return report
        }
    }

    /// What the server said of itself when it was last connected to.
    var knownServer: RedisServer { server.withLock { $0 } }

    /// Connects once, and keeps itself connected from then on until ``shutdown()``.
    ///
    /// - Throws: ``RedisFailure`` when the server cannot be reached or does not let this client in.
    func start() async throws {
        let connection = try await attempt()
        tasks.start("Redis connection to \(connector.address)") { await self.keepConnected(connection) }
    }

    /// Keeps itself connected from now on until ``shutdown()``.
    func startLater() {
        tasks.start("Redis connection to \(connector.address)") { await self.keepConnected(nil) }
    }

    /// Sends a command and returns its answer.
    ///
    /// **Cancellation**: throws `CancellationError` while there is no connection; afterwards only when asked to, and the
    /// server may execute the command all the same.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - isCancellable: Whether to stop waiting for the answer when the calling task is cancelled.
    /// - Returns: The answer, which is no error.
    /// - Throws: ``RedisFailure``, `CancellationError`.
    func call(_ command: RedisCommand, isCancellable: Bool = false) async throws -> RESPValue {
        let deadline = time.now.advanced(by: connector.limits.timeout)
        while true {
            let connection = try await connection(until: deadline)
            do {
                let reply =
                    isCancellable
                    ? try await connection.sendUnlessCancelled(command) : try await connection.send(command)
                guard case .error(let error) = reply else { return reply }
                // A server that was taken back to be a replica: whoever has its name now is found by connecting again.
                if error.isKind("READONLY") { connection.close(because: "\(error)") }
                throw RedisFailure.answered(error)
            } catch RedisFailure.notSent(let reason) {
                guard time.now < deadline else { throw RedisFailure.notSent(reason) }
                // Before the loss of the connection is noted, the next turn would find the same one.
                state.withLock { $0.discard(where: { $0 === connection }) }
                try Task.checkCancellation()
            }
        }
    }

    /// Closes the connection after the answers that are missing, for which it waits no longer than for any, and ends.
    func shutdown() async {
        let (connection, waiters) = state.withLock { $0.close() }
        for waiter in waiters { waiter.resume(throwing: RedisFailure.closed) }
        if let connection {
            if connector.isShared { connection.drain() } else { connection.close(because: "the store was shut down") }
            _ = await connection.closed()
        }
        await tasks.shutdown()
    }
}

/// Waiting for a connection.
extension RedisClient {
    private func connection(until deadline: ContinuousClock.Instant) async throws -> RedisConnection {
        if case .ready(let connection) = state.withLock({ $0.phase }) { return connection }
        return try await withThrowingTaskGroup(of: RedisConnection.self) { group in
            group.addTask { try await self.connection() }
            group.addTask {
                try await self.time.sleep(until: deadline)
                let reason = self.state.withLock { $0.reason } ?? "there was no attempt to connect yet"
                throw RedisFailure.notSent("there is no connection to \(self.connector.address): \(reason)")
            }
            defer { group.cancelAll() }
            guard let connection = try await group.next() else { throw CancellationError() }
            return connection
        }
    }

    private func connection() async throws -> RedisConnection {
        let number = state.withLock { $0.nextWaiter() }
        defer { state.withLock { $0.forget(number) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                if let result = state.withLock({ $0.wait(number, waiter) }) { waiter.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.cancel(number) }?.resume(throwing: CancellationError())
        }
    }
}

/// Being connected.
extension RedisClient {
    private func keepConnected(_ first: RedisConnection?) async {
        var backoff = Backoff()
        var connection = first
        while !state.withLock({ $0.isClosed }) {
            if connection == nil { connection = try? await attempt() }
            if let ready = connection {
                backoff.reset()
                await use(ready)
                connection = nil
            }
            if Task.isCancelled { return }
            try? await time.sleep(for: backoff.next(random: .random(in: 0..<1)))
        }
    }

    /// Tries to connect and to be let in.
    private func attempt() async throws -> RedisConnection {
        do {
            let (connection, server) = try await connector.connect()
            self.server.withLock { $0 = server }
            logger.debug("connected", metadata: ["redis": "\(connector.address)", "version": "\(server.versionText)"])
            return connection
        } catch {
            lost(error)
            throw error
        }
    }

    private func use(_ connection: RedisConnection) async {
        guard let waiters = state.withLock({ $0.connected(connection) }) else {
            connection.close()
            return
        }
        for waiter in waiters { waiter.resume(returning: connection) }
        let reason = try? await connector.watch(connection) { await connection.closed() }
        lost(RedisFailure.notSent((reason ?? nil) ?? "the connection was closed"))
    }

    private func lost(_ error: any Error) {
        let (reason, isDenied) =
            switch error {
            case RedisFailure.denied(let reason): (reason, true)
            case RedisFailure.notSent(let reason): (reason, false)
            default: ("\(error)", false)
            }
        let now = time.now
        let waiters = state.withLock { $0.disconnected(because: reason, isDenied: isDenied, now: now) }
        for waiter in waiters { waiter.resume(throwing: RedisFailure.denied(reason)) }
        logger.debug("not connected", metadata: ["redis": "\(connector.address)", "reason": "\(reason)"])
    }
}
