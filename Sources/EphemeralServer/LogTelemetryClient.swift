public import EphemeralPatterns
public import Logging

/// Telemetry in a log: one entry for each call, with the name in the message and the properties as metadata.
public struct LogTelemetryClient: TelemetryClient {
    private let logger: Logger
    private let level: Logger.Level
    private let exceptionLevel: Logger.Level

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - logger: Where to write.
    ///   - level: The level of events and metrics.
    ///   - exceptionLevel: The level of exceptions.
    public init(_ logger: Logger, level: Logger.Level = .debug, exceptionLevel: Logger.Level = .error) {
        self.logger = logger
        self.level = level
        self.exceptionLevel = exceptionLevel
    }

    /// Writes an event.
    public func trackEvent(_ name: String, properties: [String: String]) async throws {
        logger.log(level: level, "event \(name)", metadata: Self.metadata(properties))
    }

    /// Writes an exception.
    public func trackException(_ name: String, properties: [String: String]) async throws {
        logger.log(level: exceptionLevel, "exception \(name)", metadata: Self.metadata(properties))
    }

    /// Writes a measured value, as `value` of the metadata.
    public func trackMetric(_ name: String, value: Double, properties: [String: String]) async throws {
        var metadata = Self.metadata(properties)
        metadata["value"] = "\(value)"
        logger.log(level: level, "metric \(name)", metadata: metadata)
    }

    private static func metadata(_ properties: [String: String]) -> Logger.Metadata {
        properties.mapValues { .string($0) }
    }
}
