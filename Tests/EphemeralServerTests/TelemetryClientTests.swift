import Ephemeral
import EphemeralPatterns
import EphemeralServer
import EphemeralTesting
import InMemoryLogging
import Logging
import MetricsTestKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TelemetryClientTests {
    @Test func aLogGetsAnEntryForEachCall() async throws {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "telemetry") { _ in log }
        logger.logLevel = .trace
        let client = LogTelemetryClient(logger)
        try await client.trackEvent("EphemeralSignal", properties: ["signal": "a"])
        try await client.trackException("error.disk", properties: ["signal": "error.disk"])
        try await client.trackMetric("perf.query", value: 1.5, properties: [:])
        #expect(
            log.entries.map { "\($0.message)" } == [
                "event EphemeralSignal", "exception error.disk", "metric perf.query",
            ]
        )
        #expect(log.entries.map(\.level) == [.debug, .error, .debug])
        #expect(log.entries[0].metadata["signal"] == "a" && log.entries[2].metadata["value"] == "1.5")
    }

    @Test func metricsCountEventsAndExceptionsAndRecordValues() async throws {
        let metrics = TestMetrics()
        let client = MetricsTelemetryClient(factory: metrics)
        for _ in 0..<2 { try await client.trackEvent("EphemeralSignal", properties: ["signal": "a"]) }
        try await client.trackException("error.disk", properties: [:])
        for value in [1.5, 2.5] { try await client.trackMetric("perf.query", value: value, properties: [:]) }
        func total(_ label: String, _ name: String) -> Int64 {
            metrics.counterTotal(label: label, dimensions: [("name", name)])
        }
        #expect(total("ephemeral_telemetry_events_total", "EphemeralSignal") == 2)
        #expect(total("ephemeral_telemetry_exceptions_total", "error.disk") == 1)
        let recorder = try metrics.expectRecorder("ephemeral_telemetry_values", [("name", "perf.query")])
        #expect(recorder.values == [1.5, 2.5])
    }

    @Test func namesBeyondTheBoundShareOne() async throws {
        let metrics = TestMetrics()
        let client = MetricsTelemetryClient(maxNames: 2, factory: metrics)
        for name in ["a", "b", "c", "d", "a"] { try await client.trackException(name, properties: [:]) }
        func total(_ name: String) -> Int64 {
            metrics.counterTotal(label: "ephemeral_telemetry_exceptions_total", dimensions: [("name", name)])
        }
        #expect(total("a") == 2 && total("b") == 1 && total("other") == 2)
        #expect(metrics.counters.count == 4)
    }

    @Test func signalsOfACoordinatorComeToMetrics() async throws {
        let metrics = TestMetrics()
        let telemetry = try TelemetrySignalHandler(MetricsTelemetryClient(factory: metrics))
        var options = EphemeralOptions()
        options.signals.onSignal = { telemetry.onSignal($0) }
        try await withWorkCoordinator(options: options) { (_: Int, context) in
            context.emit("perf.item")
        } run: { coordinator in
            for item in 0..<5 { try await coordinator.enqueue(item) }
        }
        await telemetry.shutdown()
        let recorder = try metrics.expectRecorder("ephemeral_telemetry_values", [("name", "perf.item")])
        #expect(recorder.values == Array(repeating: 1, count: 5))
    }
}
