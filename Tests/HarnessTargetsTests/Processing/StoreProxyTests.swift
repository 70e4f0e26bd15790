import EphemeralTesting
import EphemeralTime
import NIOCore
import NIOPosix
import Processing
import Synchronization
import Testing

@testable import HarnessTargets

/// The proxy that spoils the way to a server.
@Suite(.timeLimit(.minutes(1)))
struct StoreProxyTests {
    /// A server that sends everything back, a proxy before it, and a client.
    private final class Bench: Sendable {
        let proxy: StoreProxy
        private let server: any Channel
        private let client: any Channel
        private let port: Int
        let answers: Journal<String>

        private init(
            _ proxy: StoreProxy,
            _ server: any Channel,
            _ client: any Channel,
            port: Int,
            _ answers: Journal<String>
        ) {
            (self.proxy, self.server, self.client, self.port, self.answers) = (proxy, server, client, port, answers)
        }

        static func open() async throws -> Bench {
            let group = MultiThreadedEventLoopGroup.singleton
            let server = try await ServerBootstrap(group: group)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let port = try #require(server.localAddress?.port)
            let proxy = try await StoreProxy.start(to: "redis://127.0.0.1:\(port)/3")
            let answers = Journal<String>()
            let place = try #require(Int(proxy.url.dropFirst("redis://127.0.0.1:".count).prefix { $0 != "/" }))
            let client = try await connect(to: place, answers)
            return Bench(proxy, server, client, port: place, answers)
        }

        private static func connect(to port: Int, _ answers: Journal<String>) async throws -> any Channel {
            try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Listener(answers))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        }

        /// What another client hears that sends a text, up to its first answer or the end of its connection.
        func answer(to text: String) async throws -> String {
            let answers = Journal<String>()
            let client = try await Self.connect(to: port, answers)
            // A connection that is closed already takes nothing.
            try? await client.writeAndFlush(ByteBuffer(string: text))
            let answer = try await answers.first(1)[0]
            try? await client.close()
            return answer
        }

        func send(_ text: String) async throws { try await client.writeAndFlush(ByteBuffer(string: text)) }

        /// Suspends until the client has heard a text in all.
        func hear(_ text: String) async throws {
            var count = 1
            while try await answers.first(count).joined().count < text.count { count += 1 }
            #expect(try await answers.first(count).joined() == text)
        }

        func close() async throws {
            await proxy.close()
            try? await client.close()
            try await server.close()
        }
    }

    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.channel.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let answers: Journal<String>

        init(_ answers: Journal<String>) { self.answers = answers }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            answers.record(String(buffer: unwrapInboundIn(data)))
        }

        func channelInactive(context: ChannelHandlerContext) { answers.record("!") }
    }

    @Test func whatComesIsHandedOn() async throws {
        let bench = try await Bench.open()
        #expect(bench.proxy.url.hasSuffix("/3"))
        try await bench.send("a")
        try await bench.hear("a")
        try await bench.close()
    }

    @Test func aStallLosesNothing() async throws {
        let bench = try await Bench.open()
        bench.proxy.stall(true)
        try await bench.send("a")
        try await bench.send("b")
        bench.proxy.stall(false)
        try await bench.hear("ab")
        try await bench.close()
    }

    @Test func aDelayTakesItsTimeInBothDirections() async throws {
        let bench = try await Bench.open()
        bench.proxy.delay(by: .milliseconds(50))
        let start = SystemTimeSource().now
        try await bench.send("a")
        try await bench.send("b")
        try await bench.hear("ab")
        // However slow the machine is, it is not earlier.
        #expect(start.duration(to: SystemTimeSource().now) >= .milliseconds(100))
        try await bench.close()
    }

    @Test func aCutEndsConnectionsAndTakesNoNewOnes() async throws {
        let bench = try await Bench.open()
        #expect(try await bench.answer(to: "a") == "a")
        bench.proxy.cut(true)
        try await bench.hear("!")
        #expect(try await bench.answer(to: "a") == "!")
        bench.proxy.cut(false)
        #expect(try await bench.answer(to: "a") == "a")
        try await bench.close()
    }

    @Test func aURLWithoutAHostIsRefused() async throws {
        await #expect(throws: ProcessingError(code: .invalidArgument, message: "")) {
            _ = try await StoreProxy.start(to: "redis:///0")
        }
    }
}
