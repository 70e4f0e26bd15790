import NIOCore
import NIOPosix

extension OperationPayload {
    /// Lets the process that has the body run it.
    ///
    /// **Cancellation**: ends the connection, which cancels the body.
    func runRemotely(at host: String) async throws {
        let answer = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: String.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AnswerReader(answer))
                    }
                }
                .connect(unixDomainSocketPath: host).get()
        } catch {
            answer.fail(error)
            throw error
        }
        let line = try await withTaskCancellationHandler {
            try await channel.writeAndFlush(ByteBuffer(string: "\(index) \(key) \(lane)\n"))
            return try await answer.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
        try BodyEnding(line: line[...]).get()
    }
}

/// Reads the line of an answer; a connection that ends before it has cancelled the body.
private final class AnswerReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answer: EventLoopPromise<String>
    private var line = ""

    init(_ answer: EventLoopPromise<String>) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        line += String(buffer: unwrapInboundIn(data))
        if line.last == "\n" { answer.succeed(String(line.dropLast())) }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.succeed("cancelled") }
}
