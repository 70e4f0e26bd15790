import AsyncHTTPClient
import Ephemeral
import EphemeralPatterns
import EphemeralServer
import EphemeralTesting
import NIOCore
import Testing

/// Downloads from a real server on the loopback.
@Suite(.timeLimit(.minutes(1)))
struct AsyncHTTPClientTransportTests {
    private static let reading = ["stage.starting", "progress:0", "stage.request", "stage.headers", "stage.reading"]

    /// What a download did.
    private struct Report {
        var signals: [String]
        var size: Int?
        var error: (any Error)?

        /// The signals between the beginning and the end.
        var percentages: [Int] {
            signals.compactMap { SignalCommand($0)?.name == "progress" ? SignalCommand($0)?.integer : nil }
        }
    }

    /// Downloads a path with a client of its own.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - readTimeout: How long the client waits for the next bytes.
    ///   - headTimeout: How long the head may take.
    ///   - cancelAfter: The signal after which the download is cancelled.
    /// - Returns: What happened.
    /// - Throws: What the server, or the client's end, throws.
    private func download(
        _ path: String,
        readTimeout: TimeAmount? = nil,
        headTimeout: Duration = .seconds(30),
        cancelAfter: String? = nil
    ) async throws -> Report {
        let server = try await DownloadServer()
        var configuration = HTTPClient.Configuration()
        configuration.timeout.read = readTimeout
        let client = HTTPClient(configuration: configuration)
        let transport = AsyncHTTPClientTransport(client, headTimeout: headTimeout)
        let signals = Journal<String>()
        let reached = Gate()
        var options = EphemeralOptions(maxConcurrency: 1)
        options.signals.onSignal = { event in
            signals.record(event.signal)
            if event.signal == cancelAfter { reached.open() }
        }
        let downloads = try ResultCoordinator<String, Int>(options: options) { url, context in
            let request = HTTPDownloadRequest(url, headers: [.init("accept", "*/*")])
            return try await SignalingHTTPClient.download(request, using: transport, reportingTo: context).count
        }
        let id = try await downloads.enqueue(server.url(path))
        if cancelAfter != nil {
            try await reached.wait()
            downloads.cancel()
        }
        let result = try await downloads.waitForResult(id)
        await downloads.shutdown()
        try await client.shutdown()
        try await server.stop()
        return Report(signals: signals.elements, size: result.output, error: result.operation.error)
    }

    @Test func aBodyOfKnownLengthReportsItsProgress() async throws {
        let report = try await download("known")
        #expect(report.size == 400 && report.error == nil)
        #expect(Array(report.signals.prefix(5)) == Self.reading && report.signals.last == "stage.completed")
        #expect(report.percentages.first == 0 && report.percentages.last == 100)
        #expect(report.percentages == report.percentages.sorted())
    }

    @Test(arguments: [("unknown", 200), ("zero", 0), ("encoded", 100)])
    func aBodyOfUnknownOrNoLengthHasTheEndsOfTheProgressOnly(_ path: String, _ size: Int) async throws {
        let report = try await download(path)
        #expect(report.size == size)
        #expect(report.signals == Self.reading + ["progress:100", "stage.completed"])
    }

    @Test(arguments: [("error", 500), ("nowhere", 404)])
    func anErrorOfTheServerFailsWithItsStatus(_ path: String, _ status: Int) async throws {
        let report = try await download(path)
        #expect(report.signals.last == "stage.failed:\(status)")
        #expect((report.error as? SignalingHTTPError)?.status == status)
    }

    @Test func aConnectionThatBreaksFails() async throws {
        let report = try await download("broken")
        #expect(report.signals.starts(with: Self.reading) && report.size == nil)
        #expect(report.signals.last?.hasPrefix("stage.failed:") == true && report.error != nil)
    }

    @Test(arguments: ["stalled", "silent"])
    func aServerThatStallsIsGivenUpByTheClientsTimeout(_ path: String) async throws {
        let report = try await download(path, readTimeout: .milliseconds(50))
        #expect(report.signals.last == "stage.failed:HTTPClientError")
        #expect(report.error as? HTTPClientError == .readTimeout)
    }

    @Test func aServerThatDoesNotAnswerIsGivenUpByTheTransportsTimeout() async throws {
        let report = try await download("silent", headTimeout: .milliseconds(50))
        #expect(report.signals.last == "stage.failed:HTTPClientError")
        #expect(report.error as? HTTPClientError == .deadlineExceeded)
    }

    @Test func aStalledDownloadCanBeCancelled() async throws {
        let report = try await download("stalled", cancelAfter: "progress:25")
        #expect(report.signals == Self.reading + ["progress:25", "stage.cancelled"])
    }

    @Test func anAddressThatIsNoneFails() async throws {
        let client = HTTPClient()
        let transport = AsyncHTTPClientTransport(client)
        await #expect(throws: HTTPClientError.self) { try await transport.send(HTTPDownloadRequest("no address")) }
        try await client.shutdown()
    }
}
