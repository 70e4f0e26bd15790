import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalingHTTPClientTests {
    let stage = PatternStage()
    let emitted = Journal<String>()

    private static let beginning = ["stage.starting", "progress:0", "stage.request"]
    private static let reading = beginning + ["stage.headers", "stage.reading"]
    private static let end = ["progress:100", "stage.completed"]

    /// Downloads in the body of a coordinator, whose signals are written down.
    private func download(_ transport: ScriptedTransport) throws -> (WorkCoordinator<String>, Journal<[UInt8]>) {
        let bodies = Journal<[UInt8]>()
        var options = stage.options()
        options.signals.onSignal = { [emitted] in emitted.record($0.signal) }
        let coordinator = try WorkCoordinator<String>(options: options) { url, context in
            let request = HTTPDownloadRequest(url)
            bodies.record(try await SignalingHTTPClient.download(request, using: transport, reportingTo: context))
        }
        #expect(coordinator.tryEnqueue("http://localhost/file"))
        stage.run()
        return (coordinator, bodies)
    }

    @Test func aBodyOfKnownLengthReportsEachNewPercentage() throws {
        let (_, bodies) = try download(ScriptedTransport(contentLength: 8, pieces: [2, 2, 2, 2]))
        #expect(emitted.elements == Self.reading + ["progress:25", "progress:50", "progress:75"] + Self.end)
        #expect(bodies.elements == [[0, 0, 1, 1, 2, 2, 3, 3]])
    }

    /// D76: a piece that changes no percentage is not worth a signal.
    @Test func thereAreNoMoreSignalsThanPercentages() throws {
        _ = try download(ScriptedTransport(contentLength: 100_000, pieces: Array(repeating: 10, count: 10_000)))
        #expect(emitted.elements == Self.reading + (1...99).map { "progress:\($0)" } + Self.end)
    }

    @Test func aBodyOfUnknownLengthHasNothingBetweenTheEnds() throws {
        let (_, bodies) = try download(ScriptedTransport(pieces: [1000, 1000]))
        #expect(emitted.elements == Self.reading + Self.end && bodies.elements[0].count == 2000)
    }

    @Test func anEmptyBodyIsComplete() throws {
        let (_, bodies) = try download(ScriptedTransport(contentLength: 0))
        #expect(emitted.elements == Self.reading + Self.end && bodies.elements == [[]])
    }

    @Test(arguments: [404, 500, 302, 199])
    func aStatusOutsideTheTwoHundredsFails(_ status: Int) throws {
        let (coordinator, _) = try download(ScriptedTransport(status: status, contentLength: 9, pieces: [9]))
        #expect(emitted.elements == Self.beginning + ["stage.headers", "stage.failed:\(status)"])
        let error = try #require(coordinator.operations(in: .failed).first?.error as? SignalingHTTPError)
        #expect(error.code == .unsuccessfulStatus && error.status == status)
    }

    @Test func anErrorInsteadOfAResponseFailsWithItsType() throws {
        let (coordinator, _) = try download(ScriptedTransport(refusal: Failure(number: 1)))
        #expect(emitted.elements == Self.beginning + ["stage.failed:StagedFailure"])
        #expect(coordinator.operations(in: .failed).first?.error as? Failure == Failure(number: 1))
    }

    @Test func anErrorInTheMiddleFailsWithItsType() throws {
        _ = try download(ScriptedTransport(contentLength: 4, pieces: [2], failure: Failure()))
        #expect(emitted.elements == Self.reading + ["progress:50", "stage.failed:StagedFailure"])
    }

    @Test func aBodyThatEndsTooEarlyFails() throws {
        let (coordinator, _) = try download(ScriptedTransport(contentLength: 4, pieces: [2]))
        #expect(emitted.elements == Self.reading + ["progress:50", "stage.failed:truncated"])
        let error = try #require(coordinator.operations(in: .failed).first?.error as? SignalingHTTPError)
        #expect(error.code == .truncated && error.description.contains("after 2 bytes"))
    }

    @Test func aBodyThatIsLongerThanAnnouncedIsCompleteAtItsEnd() throws {
        _ = try download(ScriptedTransport(contentLength: 2, pieces: [2, 2]))
        #expect(emitted.elements == Self.reading + Self.end)
    }

    @Test(arguments: [-1, Int.min, Int.max])
    func absurdLengthsAreNoProblem(_ length: Int) throws {
        _ = try download(ScriptedTransport(contentLength: length, pieces: [2]))
        let last = length < 0 ? "stage.completed" : "stage.failed:truncated"
        #expect(emitted.elements.last == last)
    }

    @Test func aDownloadThatIsCancelledSaysSo() throws {
        let gate = Gate()
        let (coordinator, _) = try download(ScriptedTransport(contentLength: 4, pieces: [1], gate: gate))
        #expect(emitted.elements == Self.reading + ["progress:25"])
        coordinator.cancel()
        stage.run()
        #expect(emitted.elements == Self.reading + ["progress:25", "stage.cancelled"])
        #expect(coordinator.stats.cancelled == 1)
    }

    @Test func everyScheduleKeepsTheOrderOfTheSignals() async throws {
        try await explore { options, seed in
            let downloads = try WorkCoordinator<Int>(options: options) { item, context in
                let transport = ScriptedTransport(contentLength: 40, pieces: Array(repeating: 10, count: item % 6))
                try await options.time.sleep(for: .milliseconds((item + Int(seed)) % 3))
                _ = try await SignalingHTTPClient.download(
                    HTTPDownloadRequest("http://localhost"),
                    using: transport,
                    reportingTo: context
                )
            }
            for item in 0..<24 { try await downloads.enqueue(item) }
            try await downloads.drain()
            return downloads.snapshot().flatMap { snapshot in
                let signals = snapshot.signals ?? []
                let percentages = signals.compactMap { SignalCommand($0)?.integer }.filter { $0 <= 100 }
                return (percentages == percentages.sorted()).orElse("\(signals)")
                    + signals.starts(with: Self.reading).orElse("\(signals)")
            }
        }
    }
}
