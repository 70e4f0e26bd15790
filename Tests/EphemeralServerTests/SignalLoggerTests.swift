import Ephemeral
import EphemeralServer
import EphemeralTesting
import InMemoryLogging
import Logging
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalLoggerTests {
    let sink = SignalSink(time: ManualTimeSource())
    let handler = InMemoryLogHandler()
    let logger: Logger

    init() {
        var logger = Logger(label: "test") { [handler] _ in handler }
        logger.logLevel = .trace
        self.logger = logger
    }

    @Test func signalsAreWrittenWithTheirOperationAndKey() async throws {
        let signals = SignalLogger(sink, logger: logger)
        var options = EphemeralOptions()
        options.signals.sink = sink
        let coordinator = try WorkCoordinator<Int>(options: options) { _, context in context.emit("sent") }
        let id = try await coordinator.enqueue(1)
        try await coordinator.drain()
        sink.raise("busy", key: "disk")
        let entries = handler.entries
        #expect(entries.map(\.message) == ["signal raised", "signal raised"])
        #expect(entries.map(\.level) == [.debug, .debug])
        #expect(entries.first?.metadata == ["signal": "sent", "operation": "\(id)"])
        #expect(entries.last?.metadata["signal"] == "busy")
        #expect(entries.last?.metadata["key"] == "disk")
        signals.cancel()
    }

    @Test(arguments: [
        ("error.disk", Logger.Level.error), ("failure", .error), ("progress:7", .trace), ("error.", .error),
        ("other", .debug),
    ])
    func theFirstPatternThatMatchesDecidesTheLevel(_ signal: String, level: Logger.Level) {
        let levels: KeyValuePairs<String, Logger.Level> = [
            "error.*, failure": .error, "progress:*": .trace, "error.disk": .critical,
        ]
        let signals = SignalLogger(sink, logger: logger, levels: levels)
        sink.raise(signal)
        #expect(handler.entries.map(\.level) == [level])
        signals.cancel()
    }

    @Test func otherSignalsCanBeLeftOut() {
        let signals = SignalLogger(sink, logger: logger, levels: ["error.*": .error], otherLevel: nil)
        sink.raise("busy")
        sink.retract("busy")
        sink.raise("error.disk")
        #expect(handler.entries.map(\.level) == [.error])
        signals.cancel()
    }

    @Test func signalsThatAreTakenBackAreTraced() {
        let signals = SignalLogger(sink, logger: logger, levels: ["busy": .warning])
        sink.raise("busy", key: "disk")
        sink.retract("busy")
        #expect(handler.entries.map(\.message) == ["signal raised", "signal retracted"])
        #expect(handler.entries.map(\.level) == [.warning, .trace])
        #expect(handler.entries.last?.metadata == handler.entries.first?.metadata)
        signals.cancel()
    }

    @Test func aLogAtItsUsualLevelStaysQuiet() {
        var quiet = logger
        quiet.logLevel = .info
        let signals = SignalLogger(sink, logger: quiet)
        sink.raise("busy")
        sink.retract("busy")
        #expect(handler.entries.isEmpty)
        signals.cancel()
    }

    @Test func loggingEndsWithItsOwnerOrWhenItIsCancelled() {
        do {
            let signals = SignalLogger(sink, logger: logger)
            sink.raise("first")
            signals.cancel()
            signals.cancel()
            sink.raise("second")
        }
        do {
            _ = SignalLogger(sink, logger: logger)
            sink.raise("third")
        }
        #expect(handler.entries.map { $0.metadata["signal"] } == ["first"])
    }
}
