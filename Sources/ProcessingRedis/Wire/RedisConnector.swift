internal import EphemeralTime
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Opens connections to one server and introduces this client there.
struct RedisConnector: Sendable {
    let address: RedisAddress
    let name: String
    var limits = CommandLimits()
    var connectTimeout = Duration.seconds(5)
    /// The certificates to trust under TLS, as a file of PEM texts; those of the system by default.
    var trustRoots: String?
    /// Whether many use the connection at once, with commands that are answered soon.
    var isShared = true
    let time: any TimeSource
    let logger: Logger

    /// Connects and introduces this client.
    ///
    /// **Cancellation**: closes the connection and throws.
    ///
    /// - Throws: ``RedisFailure`` with `denied` when trying again will not help, else with `notSent`.
    func connect() async throws -> (RedisConnection, RedisServer) {
        let connection: RedisConnection
        do {
            connection = try await connectSocket()
        } catch let failure as RedisFailure {
            throw failure
        } catch {
            throw RedisFailure.notSent("no connection to \(address): \(error)")
        }
        return try await withTaskCancellationHandler {
            try await introduce(connection)
        } onCancel: {
            connection.close()
        }
    }

    private func introduce(_ connection: RedisConnection) async throws -> (RedisConnection, RedisServer) {
        do {
            let server = try await watch(connection) { try await shakeHands(on: connection) }
            return (connection, server)
        } catch {
            connection.close()
            if case RedisFailure.unknown(let reason) = error {
                throw RedisFailure.notSent("the server at \(address) did not let this client in: \(reason)")
            }
            throw error
        }
    }

    private func shakeHands(on connection: RedisConnection) async throws -> RedisServer {
        var handshake = RedisHandshake(login: address.login, name: name)
        var command = handshake.opening
        while true {
            switch handshake.receive(try await connection.send(command)) {
            case .send(let next): command = next
            case .ready(let server): return server
            case .denied(let reason): throw RedisFailure.denied(reason)
            case .unavailable(let reason): throw RedisFailure.notSent(reason)
            }
        }
    }

    /// Does something with a connection while late answers are looked after.
    func watch<Value: Sendable>(
        _ connection: RedisConnection,
        while body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await connection.watch() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private func connectSocket() async throws -> RedisConnection {
        let encryption = try address.usesTLS ? encryption() : nil
        // A name may stand for several addresses, which are tried side by side.
        let attempts = Mutex<[ObjectIdentifier: RedisConnection]>([:])
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connectTimeout(.nanoseconds(connectTimeout.clampedNanoseconds))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let encryption {
                        let handler = try NIOSSLClientHandler(context: encryption, serverHostname: hostname)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    let connection = try RedisConnection.begin(on: channel, limits: limits, time: time)
                    attempts.withLock { $0[ObjectIdentifier(channel)] = connection }
                }
            }
            .connect(host: address.host, port: address.port).get()
        guard let connection = attempts.withLock({ $0[ObjectIdentifier(channel)] }) else {
            throw RedisFailure.notSent("no connection to \(address)")
        }
        return connection
    }

    /// The name that the certificate must have; `nil` for an address in digits, which is compared as such.
    private var hostname: String? {
        let host = address.host
        return host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." } ? nil : host
    }

    private func encryption() throws -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            if let trustRoots { configuration.trustRoots = .file(trustRoots) }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw RedisFailure.denied("TLS to \(address) cannot be set up: \(error)")
        }
    }
}
