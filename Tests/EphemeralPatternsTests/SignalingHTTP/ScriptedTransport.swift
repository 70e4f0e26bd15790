import EphemeralPatterns
import EphemeralTesting

/// A transport that answers from a script.
struct ScriptedTransport: HTTPTransport {
    var status = 200
    var contentLength: Int?
    /// The sizes of the pieces of the body.
    var pieces: [Int] = []
    /// What breaks the connection after the pieces.
    var failure: (any Error)?
    /// What comes instead of a response.
    var refusal: (any Error)?
    /// Where the body stops after its pieces.
    var gate: Gate?

    func send(_ request: HTTPDownloadRequest) async throws -> HTTPDownloadResponse {
        if let refusal { throw refusal }
        return HTTPDownloadResponse(status: status, contentLength: contentLength, body: Pieces(script: self))
    }

    private struct Pieces: AsyncSequence, Sendable {
        let script: ScriptedTransport

        func makeAsyncIterator() -> Iterator { Iterator(script: script) }

        struct Iterator: AsyncIteratorProtocol {
            let script: ScriptedTransport
            var index = 0

            mutating func next() async throws -> [UInt8]? {
                guard index < script.pieces.count else {
                    try await script.gate?.wait()
                    if let failure = script.failure { throw failure }
                    return nil
                }
                defer { index += 1 }
                return [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: script.pieces[index])
            }
        }
    }
}
