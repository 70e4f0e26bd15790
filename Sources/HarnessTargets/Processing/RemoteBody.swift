import Ephemeral
import HarnessKit
import NIOCore
import NIOPosix
import Processing

/// What a job of a run carries.
struct OperationPayload: Codable, Sendable {
    var index: Int
    var key: Int
    var lane: Int
    /// The socket of the process that has the body; `nil` when it is this one.
    var host: String?

    init(_ operation: Operation, host: String?) {
        (index, key, lane) = (operation.index, operation.key, operation.lane)
        self.host = host
    }

    var operation: Operation { Operation(index: index, key: key, lane: lane) }

    /// The name of the processor.
    static let processor = "harness.operation"
}

/// How a body has ended, as one process tells another in a line.
enum BodyEnding: Equatable {
    case done
    case failed(String)
    case refused(String)
    case cancelled

    init(_ error: any Error) {
        switch error {
        case let error as UserError: self = .refused(error.userMessage)
        case let error as ScriptedError: self = .failed(error.name)
        case is CancellationError: self = .cancelled
        default: self = .failed("\(error)")
        }
    }

    init(line: Substring) {
        let parts = line.split(separator: " ", maxSplits: 1)
        let name = parts.count == 2 ? String(parts[1]) : ""
        switch parts.first {
        case "done": self = .done
        case "failed": self = .failed(name)
        case "refused": self = .refused(name)
        default: self = .cancelled
        }
    }

    var line: String {
        switch self {
        case .done: "done"
        case .failed(let name): "failed \(name.filter { $0 != "\n" })"
        case .refused(let name): "refused \(name.filter { $0 != "\n" })"
        case .cancelled: "cancelled"
        }
    }

    func get() throws {
        switch self {
        case .done: return
        case .failed(let name): throw ScriptedError(name: name)
        case .refused(let name): throw UserError(name)
        case .cancelled: throw CancellationError()
        }
    }
}

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
