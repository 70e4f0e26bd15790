import EphemeralTesting
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Stands between a client and a server, and can stop handing anything on without closing a connection.
final class StallingProxy: Sendable {
    private let isStalled = Mutex(false)
    /// How many bytes were lost, each time.
    let losses: Journal<Int>
    private let channel: any Channel

    private init(channel: any Channel, losses: Journal<Int>) {
        (self.channel, self.losses) = (channel, losses)
    }

    static func run<Value>(
        to port: Int,
        during body: (StallingProxy) async throws -> Value
    ) async throws -> Value {
        let proxy = Mutex<StallingProxy?>(nil)
        let losses = Journal<Int>()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                // The way to the server stays on the client's event loop.
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: port).flatMapThrowing {
                    server in
                    let isStalled = { @Sendable in proxy.withLock { $0 }?.isStalled.withLock { $0 } ?? false }
                    try client.pipeline.syncOperations.addHandler(Relay(to: server, isStalled, losses))
                    try server.pipeline.syncOperations.addHandler(Relay(to: client, isStalled, losses))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let made = StallingProxy(channel: channel, losses: losses)
        proxy.withLock { $0 = made }
        let result: Result<Value, any Error>
        do { result = .success(try await body(made)) } catch { result = .failure(error) }
        try await channel.close()
        return try result.get()
    }

    var url: String { "redis://127.0.0.1:\(channel.localAddress?.port ?? 0)/0" }

    /// From now on everything that comes is lost.
    func stall() { isStalled.withLock { $0 = true } }

    /// From now on new connections work; old ones have lost something.
    func recover() { isStalled.withLock { $0 = false } }
}

private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let isStalled: @Sendable () -> Bool
    private let losses: Journal<Int>
    /// A connection that has lost something hands nothing on any more.
    private var isBroken = false

    init(to other: any Channel, _ isStalled: @escaping @Sendable () -> Bool, _ losses: Journal<Int>) {
        (self.other, self.isStalled, self.losses) = (other, isStalled, losses)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isBroken = isBroken || isStalled()
        let bytes = unwrapInboundIn(data)
        if isBroken { losses.record(bytes.readableBytes) } else { other.writeAndFlush(bytes, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }
}
