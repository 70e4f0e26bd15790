internal import EphemeralTime
internal import Logging
public import Processing
internal import Synchronization

/// A store on a Redis server, shared by all processes that use the same server and prefixes.
///
/// Every transition of a job is one script on the server, whose clock is the only one: leases, delays and expiry do not
/// depend on the clocks of workers. All calls of a process share one connection, which comes back by itself after an outage;
/// claims that wait do so at connections of their own, one for each queue.
///
/// ```swift
/// let store = try await RedisProcessingStore.open("redis://localhost:6379/0")
/// let manager = try ProcessingManager(store: store, processors: processors)
/// ```
///
/// A call that returned is as durable as the server: with `appendonly yes` and `appendfsync always` nothing that was
/// acknowledged is lost; see ``health()`` for what is set otherwise.
public final class RedisProcessingStore: ProcessingStore {
    /// The largest payload that is taken, in bytes.
    public let maxPayloadBytes: Int
    let address: RedisAddress
    let options: RedisStoreOptions
    let client: RedisClient
    let emergencyKeys: EmergencyKeys
    let bell = WorkBell()
    let listeners: QueueListeners
    private let queueKeys = Mutex<[String: QueueKeys]>([:])
    private let listedQueues = Mutex<Set<String>>([])
    private let closed = Mutex(false)

    private init(address: RedisAddress, options: RedisStoreOptions) {
        self.address = address
        self.options = options
        maxPayloadBytes = options.maxPayloadBytes
        emergencyKeys = EmergencyKeys(prefix: options.emergencyPrefix, tag: options.emergencyTag)
        let connector = RedisConnector(address: address, options: options)
        client = RedisClient(connector: connector)
        listeners = QueueListeners(connector: connector, bell: bell)
    }

    /// Connects to a server and looks whether it can be used.
    ///
    /// - Parameters:
    ///   - url: `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS.
    ///   - options: How it is used.
    /// - Returns: The store; see ``shutdown()``.
    /// - Throws: `ProcessingError` with code `invalidArgument`, `storeUnavailable` when the server cannot be reached,
    ///   `storeRefused` when it does not let this client in or is too old, `foreignStore` when another version of this
    ///   store has used the prefix.
    public static func open(
        _ url: String,
        options: RedisStoreOptions = RedisStoreOptions()
    ) async throws -> RedisProcessingStore {
        try options.validate()
        let store = RedisProcessingStore(address: try RedisAddress(url: url), options: options)
        do {
            try await store.translating("open") { try await store.client.start() }
            try await store.checkServer()
        } catch {
            await store.shutdown()
            throw error
        }
        return store
    }

    /// Ends all calls and connections; see `EmergencyStore/shutdown()`.
    public func shutdown() async {
        closed.withLock { $0 = true }
        bell.close()
        await listeners.shutdown()
        await client.shutdown()
    }

    var isClosed: Bool { closed.withLock { $0 } }

    func keys(of queue: String) -> QueueKeys {
        queueKeys.withLock { known in
            if let keys = known[queue] { return keys }
            let keys = QueueKeys(prefix: options.queuePrefix, queue: queue)
            known[queue] = keys
            return keys
        }
    }

    /// The key that all names of queues are kept under.
    var namesKey: String { "\(options.queuePrefix)names" }

    /// Sees to it that a queue is listed before it has its first job.
    func list(_ queue: String, at place: String) async throws {
        guard !listedQueues.withLock({ $0.contains(queue) }) else { return }
        try await translating(place) {
            _ = try await client.call(RedisCommand("SADD", .text(namesKey), .text(queue)))
        }
        listedQueues.withLock { _ = $0.insert(queue) }
    }

    /// Lists a queue whose first job has come: the server may have been emptied since it was listed.
    ///
    /// When that fails, the next job of this process sees to it.
    func listAgain(_ queue: String) async {
        listedQueues.withLock { _ = $0.remove(queue) }
        try? await list(queue, at: queue)
    }
}

/// Talking to the server.
extension RedisProcessingStore {
    /// Runs a script.
    ///
    /// - Throws: `ProcessingError`, `CancellationError` before anything was sent.
    func run(
        _ script: RedisScript,
        on keys: WrittenArguments,
        _ arguments: [RedisCommand.Argument],
        at place: @autoclosure () -> String
    ) async throws -> RESPValue {
        try Task.checkCancellation()
        do {
            do {
                return try await runOnce(script, on: keys, arguments)
            } catch RedisFailure.unknown(let reason) where script.isRepeatable {
                // Whatever becomes of the second attempt, the first one may have been made.
                do {
                    return try await runOnce(script, on: keys, arguments)
                } catch {
                    throw RedisFailure.unknown(reason)
                }
            }
        } catch let failure as RedisFailure {
            throw failure.processingError(at: "\(place()) on \(address)")
        }
    }

    private func runOnce(
        _ script: RedisScript,
        on keys: WrittenArguments,
        _ arguments: [RedisCommand.Argument]
    ) async throws -> RESPValue {
        let server = client.knownServer
        do {
            return try await client.call(script.command(for: server, keys: keys, arguments))
        } catch RedisFailure.answered(let error) where error.isKind("NOSCRIPT") {
            return try await client.call(script.fullCommand(for: server, keys: keys, arguments))
        }
    }

    func translating<Value>(_ place: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as RedisFailure {
            throw failure.processingError(at: "\(place) on \(address)")
        }
    }

    /// What is thrown when a script of this version answers in another way.
    func foreign(_ place: String) -> ProcessingError {
        ProcessingError(
            code: .foreignStore,
            message: "\(place) on \(address): the answer is not what it must be; is there a proxy that changes answers?"
        )
    }

    private func checkServer() async throws {
        if let version = client.knownServer.version, version < RedisVersion(6, 2) {
            throw ProcessingError(
                code: .storeRefused,
                message: "the server at \(address) is Redis \(version); this store needs 6.2 or later"
            )
        }
        try await checkPayloadSize()
        let key = "\(options.queuePrefix)version"
        try await translating("open") {
            var version = try await client.call(RedisCommand("GET", .text(key))).string
            if version == nil {
                do {
                    _ = try await client.call(RedisCommand("SETNX", .text(key), .text(Self.version)))
                } catch RedisFailure.answered(let error) where error.isKind("OOM") {
                    // Workers may drain a server that has no room for this either.
                    return
                }
                version = try await client.call(RedisCommand("GET", .text(key))).string
            }
            guard version == Self.version else {
                throw ProcessingError(
                    code: .foreignStore,
                    message: "the key \(key) on \(address) says version '\(version ?? "")' and this is version "
                        + "\(Self.version); choose another queuePrefix or use the program that fits"
                )
            }
        }
    }

    /// A server closes the connection, with the calls of everybody, at a text larger than it takes.
    private func checkPayloadSize() async throws {
        // Where nobody may ask, the default holds, which is far above what a store takes.
        let reply = try? await client.call(RedisCommand("CONFIG", "GET", "proto-max-bulk-len"))
        guard let limit = reply?.value(of: "proto-max-bulk-len")?.integer, limit < maxPayloadBytes else { return }
        throw ProcessingError(
            code: .invalidArgument,
            message:
                "maxPayloadBytes is \(maxPayloadBytes) and the server at \(address) takes texts of \(limit) bytes; "
                + "lower the one or raise proto-max-bulk-len"
        )
    }

    /// Of the keys and what is in them.
    private static let version = "1"
}

extension RedisConnector {
    init(address: RedisAddress, options: RedisStoreOptions) {
        self.init(
            address: address,
            name: options.clientName,
            limits: CommandLimits(
                commands: options.maxQueuedCommands,
                bytes: options.maxQueuedBytes,
                command: RedisStoreOptions.maxCommandBytes,
                timeout: options.commandTimeout
            ),
            connectTimeout: options.connectTimeout,
            trustRoots: options.trustRoots,
            time: options.time,
            logger: options.logger
        )
    }
}
