import NIOCore
import NIOHTTP1
import NIOPosix

/// A real HTTP server on a free port of the loopback, whose answers depend on the path.
struct DownloadServer: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel

    init() async throws {
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(Answers())
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/\(path)" }

    func stop() async throws {
        try await channel.close()
        try await group.shutdownGracefully()
    }
}

/// What the server says to a path.
private final class Answers: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let request) = unwrapInboundIn(data) else { return }
        switch request.uri {
        case "/known": answer(context, length: 400, pieces: [100, 100, 100, 100])
        case "/unknown": answer(context, pieces: [100, 100])
        case "/zero": answer(context, length: 0)
        case "/encoded": answer(context, length: 100, pieces: [100], encoding: "x-test")
        case "/error": answer(context, .internalServerError, length: 3, pieces: [3])
        case "/broken": answer(context, length: 400, pieces: [100], end: .close)
        case "/stalled": answer(context, length: 400, pieces: [100], end: .silence)
        case "/silent": break
        default: answer(context, .notFound, length: 0)
        }
    }

    /// What comes after the pieces of a body.
    private enum End {
        case regular, close, silence
    }

    private func answer(
        _ context: ChannelHandlerContext,
        _ status: HTTPResponseStatus = .ok,
        length: Int? = nil,
        pieces: [Int] = [],
        encoding: String? = nil,
        end: End = .regular
    ) {
        var headers = HTTPHeaders()
        if let length { headers.add(name: "content-length", value: "\(length)") }
        if let encoding { headers.add(name: "content-encoding", value: encoding) }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        for size in pieces {
            let bytes = ByteBuffer(repeating: 7, count: size)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        }
        switch end {
        case .regular: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .close: context.close(promise: nil)
        case .silence: context.flush()
        }
    }
}
