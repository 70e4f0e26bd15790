internal import Synchronization

/// Telemetry that stays in memory, for tests and for looking at: the latest records, up to a bound.
public final class InMemoryTelemetryClient: TelemetryClient {
    /// One call.
    public struct Record: Sendable, Hashable {
        /// Which call it was.
        public let kind: Kind
        /// The name that it had.
        public let name: String
        /// The properties that it had.
        public let properties: [String: String]
    }

    /// Which call a record is of.
    @nonexhaustive
    public enum Kind: Sendable, Hashable {
        /// `trackEvent`.
        case event
        /// `trackException`.
        case exception
        /// `trackMetric`, with the value.
        case metric(value: Double)
    }

    private struct State {
        var records: [Record] = []
        /// The place of the oldest record once there is no more room.
        var oldest = 0
        var dropped = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Creates a client without records.
    ///
    /// - Parameter capacity: How many records are kept; the oldest go first. Less than 1 counts as 1.
    public init(capacity: Int = 10_000) { self.capacity = max(1, capacity) }

    /// Keeps an event.
    public func trackEvent(_ name: String, properties: [String: String]) async throws {
        keep(Record(kind: .event, name: name, properties: properties))
    }

    /// Keeps an exception.
    public func trackException(_ name: String, properties: [String: String]) async throws {
        keep(Record(kind: .exception, name: name, properties: properties))
    }

    /// Keeps a measured value.
    public func trackMetric(_ name: String, value: Double, properties: [String: String]) async throws {
        keep(Record(kind: .metric(value: value), name: name, properties: properties))
    }

    /// What is kept, oldest first.
    public var records: [Record] {
        state.withLock { Array($0.records[$0.oldest...]) + Array($0.records[..<$0.oldest]) }
    }

    /// The events that are kept, oldest first.
    public var events: [Record] { records.filter { $0.kind == .event } }

    /// The exceptions that are kept, oldest first.
    public var exceptions: [Record] { records.filter { $0.kind == .exception } }

    /// The measured values that are kept, oldest first.
    public var metrics: [Record] {
        records.filter { if case .metric = $0.kind { true } else { false } }
    }

    /// How many records went because there was no room.
    public var droppedCount: Int { state.withLock { $0.dropped } }

    private func keep(_ record: Record) {
        state.withLock { state in
            guard state.records.count == capacity else { return state.records.append(record) }
            state.records[state.oldest] = record
            state.oldest = (state.oldest + 1) % capacity
            state.dropped += 1
        }
    }
}
