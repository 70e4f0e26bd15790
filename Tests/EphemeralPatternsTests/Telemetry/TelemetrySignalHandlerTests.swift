import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TelemetrySignalHandlerTests {
    let stage = PatternStage()
    let client = InMemoryTelemetryClient()

    private func event(_ signal: String, key: String? = nil) -> SignalEvent {
        SignalEvent(signal, operationID: OperationID(rawValue: 7), key: key, timestamp: stage.time.now)
    }

    private func handler(_ client: some TelemetryClient, maxConcurrency: Int = 8) throws -> TelemetrySignalHandler {
        try TelemetrySignalHandler(
            client,
            maxConcurrency: maxConcurrency,
            maxQueueSize: 5,
            time: stage.time,
            executor: stage.executor
        )
    }

    @Test func everySignalIsAnEventWithWhatIsKnownOfIt() throws {
        let handler = try handler(client)
        #expect(handler.onSignal(event("stage.done", key: "a")) && handler.onSignal(event("other")))
        stage.run()
        let properties = client.events.map(\.properties)
        #expect(client.events.map(\.name) == ["EphemeralSignal", "EphemeralSignal"])
        #expect(properties[0] == ["signal": "stage.done", "operationId": "7", "key": "a", "depth": "0"])
        #expect(properties[1]["key"] == "none")
        #expect(client.records.count == 2 && handler.processedCount == 2)
    }

    /// D75: a name that only begins like an error is none.
    @Test(arguments: [("error", 1), ("error.disk", 1), ("errorless", 0), ("errors.disk", 0), ("perf.error", 0)])
    func errorsAreExceptionsAsWell(_ signal: String, _ count: Int) throws {
        let handler = try handler(client)
        handler.onSignal(event(signal))
        stage.run()
        #expect(client.exceptions.map(\.name) == Array(repeating: signal, count: count) && client.events.count == 1)
    }

    @Test func measurementsAreMetricsOfOneAsWell() throws {
        let handler = try handler(client)
        handler.onSignal(event("perf.query"))
        stage.run()
        #expect(client.metrics.map(\.name) == ["perf.query"] && client.metrics[0].kind == .metric(value: 1))
        #expect(client.events.count == 1)
    }

    /// A client of which one call fails.
    private struct HalfDeaf: TelemetryClient {
        let calls: Journal<String>
        let failing: String

        private func call(_ name: String) throws {
            calls.record(name)
            if name == failing { throw Failure() }
        }

        func trackEvent(_ name: String, properties: [String: String]) async throws { try call("event") }
        func trackException(_ name: String, properties: [String: String]) async throws { try call("exception") }
        func trackMetric(_ name: String, value: Double, properties: [String: String]) async throws {
            try call("metric")
        }
    }

    @Test(arguments: ["event", "exception"])
    func aCallThatFailsSuppressesNoOther(_ failing: String) throws {
        let calls = Journal<String>()
        let handler = try handler(HalfDeaf(calls: calls, failing: failing))
        handler.onSignal(event("error.disk"))
        stage.run()
        #expect(calls.elements == ["event", "exception"])
        #expect(handler.stats.failed == 1 && handler.processedCount == 0)
    }

    /// A client that stops at a gate.
    private struct Slow: TelemetryClient {
        let gate: Gate
        let calls: Journal<String>

        func trackEvent(_ name: String, properties: [String: String]) async throws {
            calls.record(properties["signal"] ?? "")
            try await gate.wait()
        }

        func trackException(_ name: String, properties: [String: String]) async throws {}
        func trackMetric(_ name: String, value: Double, properties: [String: String]) async throws {}
    }

    @Test func aBoundedNumberIsBroughtAtATimeAndABoundedNumberWaits() throws {
        let calls = Journal<String>()
        let handler = try handler(Slow(gate: stage.gate, calls: calls), maxConcurrency: 2)
        for number in 0..<2 { handler.onSignal(event("s\(number)")) }
        stage.run()
        for number in 2..<9 { handler.onSignal(event("s\(number)")) }
        stage.run()
        #expect(calls.count == 2 && handler.queuedCount == 5 && handler.droppedCount == 2)
        stage.open()
        #expect(calls.elements == ["s0", "s1", "s4", "s5", "s6", "s7", "s8"])
    }

    /// D75: what was taken is brought.
    @Test func aShutdownBringsWhatWaitsAndTakesNothingMore() throws {
        let handler = try handler(client)
        for number in 0..<3 { handler.onSignal(event("s\(number)")) }
        let shutdown = stage.call { await handler.shutdown() }
        #expect(shutdown.value == true && client.events.count == 3)
        #expect(!handler.onSignal(event("late")) && handler.droppedCount == 1)
    }

    @Test func memoryKeepsTheLatestRecordsInOrder() async throws {
        let client = InMemoryTelemetryClient(capacity: 3)
        for number in 0..<7 { try await client.trackEvent("\(number)", properties: [:]) }
        #expect(client.records.map(\.name) == ["4", "5", "6"] && client.droppedCount == 4)
    }

    @Test func boundsOutsideTheirRangeAreRefused() {
        #expect(codeThrown { _ = try TelemetrySignalHandler(client, maxConcurrency: 0) } == .invalidArgument)
        #expect(codeThrown { _ = try TelemetrySignalHandler(client, maxQueueSize: 0) } == .invalidArgument)
    }

    @Test func noScheduleLosesASignal() async throws {
        try await explore { options, seed in
            let client = InMemoryTelemetryClient()
            let handler = try TelemetrySignalHandler(client, time: options.time, executor: options.executor)
            var observed = options
            observed.signals.onSignal = { handler.onSignal($0) }
            let work = try WorkCoordinator<Int>(options: observed) { item, context in
                context.emit(item.isMultiple(of: 3) ? "error.\(item)" : "perf.\(item)")
                try await options.time.sleep(for: .milliseconds((item + Int(seed)) % 2))
            }
            for item in 0..<30 { try await work.enqueue(item) }
            try await work.drain()
            await handler.shutdown()
            return (client.events.count == 30 && client.exceptions.count == 10 && client.metrics.count == 20)
                .orElse("\(client.records.count) records")
        }
    }
}
