import Foundation
import NIOCore
import NIOPosix
import Processing
import Synchronization

/// Stands between the clients of a server and the server, on this machine, and spoils the way on demand.
///
/// A stall holds back what comes and hands it on afterwards, so that nothing is lost; a delay hands everything on that much
/// later, in order; a cut closes all connections and takes no new ones while it lasts.
final class StoreProxy: Sendable {
    /// What happens to what comes.
    struct Way: Sendable, Equatable {
        var isStalled = false
        var isCut = false
        var delay: TimeAmount = .nanoseconds(0)
    }

    private struct State {
        var way = Way()
        var lastRelay = 0
        var relays: [Int: Relay.Handle] = [:]
        var listener: (any Channel)?
    }

    /// The URL of the server by way of the proxy.
    let url: String
    private let state: Mutex<State>

    private init(url: String, listener: any Channel) {
        self.url = url
        state = Mutex(State(listener: listener))
    }

    /// Starts a proxy on a free port of the loopback.
    ///
    /// - Parameter server: A `redis://` URL.
    /// - Returns: The proxy; see ``close()``.
    /// - Throws: `ProcessingError` when the URL names no host; whatever keeps it from listening.
    static func start(to server: String) async throws -> StoreProxy {
        guard var parts = URLComponents(string: server), let host = parts.host, !host.isEmpty else {
            throw ProcessingError(
                code: .invalidArgument,
                message: "the url of the store names no host; it must look like redis://127.0.0.1:6379/15"
            )
        }
        let port = parts.port ?? 6379
        let proxy = Mutex<StoreProxy?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                guard let proxy = proxy.withLock(\.self), !proxy.isCut else {
                    return client.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
                }
                // The way to the server stays on the client's event loop.
                return ClientBootstrap(group: client.eventLoop).connect(host: host, port: port).flatMapThrowing {
                    server in
                    do {
                        try proxy.relay(from: client, to: server)
                        try proxy.relay(from: server, to: client)
                    } catch {
                        // The client has gone meanwhile.
                        server.close(promise: nil)
                        throw error
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        (parts.host, parts.port) = ("127.0.0.1", listener.localAddress?.port)
        let made = StoreProxy(url: parts.string ?? server, listener: listener)
        proxy.withLock { $0 = made }
        return made
    }

    func relay(from source: any Channel, to destination: any Channel) throws {
        let relay = Relay(to: destination, proxy: self)
        let handle = Relay.Handle(relay: NIOLoopBound(relay, eventLoop: source.eventLoop), channel: source)
        let number = state.withLock { state in
            state.lastRelay += 1
            state.relays[state.lastRelay] = handle
            return state.lastRelay
        }
        source.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { _ = $0.relays.removeValue(forKey: number) }
        }
        try source.pipeline.syncOperations.addHandler(relay)
        // The way may have been cut while the server was being connected to.
        if isCut { source.close(promise: nil) }
    }

    var way: Way { state.withLock { $0.way } }

    private var isCut: Bool { way.isCut }

    func stall(_ isStalled: Bool) { change { $0.isStalled = isStalled } }

    func delay(by delay: Duration?) {
        let amount = TimeAmount.nanoseconds(delay.map { Int64($0 / .nanoseconds(1)) } ?? 0)
        change { $0.delay = amount }
    }

    func cut(_ isCut: Bool) {
        change { $0.isCut = isCut }
        guard isCut else { return }
        for handle in state.withLock({ Array($0.relays.values) }) { handle.channel.close(promise: nil) }
    }

    /// Puts everything right again.
    func recover() { change { $0 = Way() } }

    private func change(_ body: @Sendable (inout Way) -> Void) {
        let handles = state.withLock { state in
            body(&state.way)
            return Array(state.relays.values)
        }
        for handle in handles { handle.channel.eventLoop.execute { handle.relay.value.handOn() } }
    }

    /// Closes all connections and listens no more.
    func close() async {
        let (listener, handles) = state.withLock { state in
            defer { state.listener = nil }
            return (state.listener, Array(state.relays.values))
        }
        for handle in handles { handle.channel.close(promise: nil) }
        try? await listener?.close()
    }
}
