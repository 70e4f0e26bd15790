/// Where telemetry goes: a service, a log, metrics, or memory.
///
/// Calls come from several tasks at once. An error of one concerns no other.
public protocol TelemetryClient: Sendable {
    /// Something has happened.
    ///
    /// - Parameters:
    ///   - name: What kind of thing.
    ///   - properties: What is known about it.
    /// - Throws: Why it was not taken.
    func trackEvent(_ name: String, properties: [String: String]) async throws

    /// Something has gone wrong.
    ///
    /// - Parameters:
    ///   - name: What has gone wrong.
    ///   - properties: What is known about it.
    /// - Throws: Why it was not taken.
    func trackException(_ name: String, properties: [String: String]) async throws

    /// Something has been measured.
    ///
    /// - Parameters:
    ///   - name: What was measured.
    ///   - value: The value.
    ///   - properties: What is known about it.
    /// - Throws: Why it was not taken.
    func trackMetric(_ name: String, value: Double, properties: [String: String]) async throws
}
