import Ephemeral
import EphemeralPatterns
import EphemeralTime
import HarnessKit

/// A server in memory, whose answers are what the operations of a run say.
struct OperationServer: Sendable {
    private let time: any TimeSource
    private let bytes: Int
    private let chunks: Int
    private let interval: Duration
    private let length: SignalingHTTPTarget.Length
    private let workPlace: SignalingHTTPTarget.WorkPlace

    init(_ options: SignalingHTTPTarget.DownloadOptions, _ environment: TargetEnvironment) {
        time = environment.time
        bytes = options.bytes ?? 65_536
        chunks = options.chunks ?? 8
        interval = options.chunkInterval?.duration ?? .zero
        length = options.length ?? .known
        workPlace = options.workAt ?? .head
    }

    /// Downloads the body of an operation, and checks that all of it has come.
    func download(_ call: BodyCall, reportingTo emitter: some SignalEmitter) async throws {
        let answer = Answer(server: self, call: call)
        let body = try await SignalingHTTPClient.download(
            HTTPDownloadRequest("harness:operation/\(call.operation.index)"),
            using: answer,
            reportingTo: emitter
        )
        guard body.count == answer.size else {
            throw TargetContractError(message: "\(body.count) of \(answer.size) bytes came without an error")
        }
    }

    /// What the server answers to one operation.
    private struct Answer: HTTPTransport {
        let server: OperationServer
        let call: BodyCall

        /// What the head says of the length.
        private var kind: Int {
            server.length == .mixed ? call.operation.index % 3 : server.length == .unknown ? 1 : 0
        }

        var size: Int { kind == 2 ? 0 : server.bytes }

        /// Whether the client can see that something is missing.
        var showsTruncation: Bool { kind == 0 && size > 0 }

        func send(_ request: HTTPDownloadRequest) async throws -> HTTPDownloadResponse {
            var outcome = ScriptedOutcome.success
            if server.workPlace == .head { outcome = try await ScriptedOutcome { try await call() } }
            if case .failure(let error) = outcome, let status = error.status {
                return HTTPDownloadResponse(
                    status: status,
                    contentLength: 0,
                    body: Pieces(answer: self, outcome: .success)
                )
            }
            return HTTPDownloadResponse(
                status: 200,
                contentLength: kind == 1 ? nil : size,
                body: Pieces(answer: self, outcome: server.workPlace == .head ? outcome : nil)
            )
        }

        /// The size of a piece; the first ones are larger where the pieces cannot be equal.
        func size(of piece: Int) -> Int { size / server.chunks + (piece < size % server.chunks ? 1 : 0) }
    }

    /// What became of an operation's body.
    private enum ScriptedOutcome {
        case success
        case failure(ScriptedError)

        /// Runs a body; what is not scripted is thrown.
        init(_ body: () async throws -> Void) async throws {
            do {
                try await body()
                self = .success
            } catch let error as ScriptedError {
                self = .failure(error)
            }
        }
    }

    /// The body of an answer in pieces: half of them, then the work or its failure, then the rest.
    private struct Pieces: AsyncSequence, Sendable {
        let answer: Answer
        /// What became of the operation; `nil` when it is still to run.
        let outcome: ScriptedOutcome?

        func makeAsyncIterator() -> Iterator { Iterator(answer: answer, outcome: outcome) }

        struct Iterator: AsyncIteratorProtocol {
            let answer: Answer
            var outcome: ScriptedOutcome?
            var piece = 0
            var hasTurned = false

            mutating func next() async throws -> [UInt8]? {
                let server = answer.server
                if !hasTurned, piece >= server.chunks / 2 || answer.size == 0 {
                    hasTurned = true
                    guard try await goesOn() else { return nil }
                }
                guard piece < server.chunks, answer.size > 0 else { return nil }
                if piece > 0, server.interval > .zero { try await server.time.sleep(for: server.interval) }
                defer { piece += 1 }
                return [UInt8](repeating: 0, count: answer.size(of: piece))
            }

            /// Whether the second half comes.
            private mutating func goesOn() async throws -> Bool {
                let outcome =
                    if let outcome { outcome } else {
                        try await ScriptedOutcome { [call = answer.call] in try await call() }
                    }
                guard case .failure(let error) = outcome else { return true }
                guard error.name == "truncated", answer.showsTruncation else { throw error }
                return false
            }
        }
    }
}

extension ScriptedError {
    /// The status that the name asks for, as in `status:503`.
    fileprivate var status: Int? {
        guard name.hasPrefix("status:") else { return nil }
        return Int(name.dropFirst("status:".count))
    }
}
