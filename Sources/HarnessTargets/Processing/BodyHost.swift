import Ephemeral
import HarnessKit
import NIOCore
import NIOPosix

/// Runs bodies for workers in other processes: each asks at a connection of its own, whose end cancels the body.
final class BodyHost: Sendable {
    let path: String
    private let listener: any Channel

    private init(path: String, listener: any Channel) {
        (self.path, self.listener) = (path, listener)
    }

    /// Listens at a socket in a folder.
    static func listen(
        in folder: String,
        tasks: TaskSpawner,
        body: @escaping @Sendable (Operation) async throws -> Void
    ) async throws -> BodyHost {
        let path = "\(folder)/bodies"
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HostedBody(tasks: tasks, body: body))
                }
            }
            .bind(unixDomainSocketPath: path).get()
        return BodyHost(path: path, listener: listener)
    }

    func close() async { try? await listener.close() }
}

/// One question for a body and its answer.
private final class HostedBody: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let tasks: TaskSpawner
    private let body: @Sendable (Operation) async throws -> Void
    private var question = ""
    private var run: Task<Void, Never>?

    init(tasks: TaskSpawner, body: @escaping @Sendable (Operation) async throws -> Void) {
        (self.tasks, self.body) = (tasks, body)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        question += String(buffer: unwrapInboundIn(data))
        guard run == nil, question.last == "\n" else { return }
        let numbers = question.dropLast().split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 3 else { return context.close(promise: nil) }
        let operation = Operation(index: numbers[0], key: numbers[1], lane: numbers[2])
        run = tasks.spawn("harness body") { [body, channel = context.channel] in
            let ending: BodyEnding
            do {
                try await body(operation)
                ending = .done
            } catch {
                ending = BodyEnding(error)
            }
            try? await channel.writeAndFlush(ByteBuffer(string: ending.line + "\n"))
            try? await channel.close()
        }
    }

    func channelInactive(context: ChannelHandlerContext) { run?.cancel() }
}
