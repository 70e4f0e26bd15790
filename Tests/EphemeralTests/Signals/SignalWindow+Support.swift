import EphemeralTime

@testable import Ephemeral

extension SignalEvent {
    /// An event `milliseconds` after the start of a test's time.
    static func at(_ milliseconds: Int64, _ signal: String, by operation: Int64 = 1, key: String? = nil) -> SignalEvent
    {
        SignalEvent(
            signal: signal,
            operationID: OperationID(rawValue: operation),
            key: key,
            time: .at(milliseconds),
            wallOffset: 0
        )
    }
}

extension Timestamp {
    static func at(_ milliseconds: Int64) -> Timestamp { Timestamp(nanoseconds: milliseconds * 1_000_000) }
}

extension SignalWindow {
    static func forTests(capacity: Int = 100, maxAge: Duration = .seconds(3600)) -> SignalWindow {
        SignalWindow(capacity: capacity, maxAge: maxAge)
    }

    mutating func append(_ event: SignalEvent, now: Timestamp) {
        append(
            SignalName(event.signal),
            operationID: event.operationID,
            key: event.key,
            propagation: event.propagation,
            time: event.time,
            wallOffset: event.wallOffset,
            now: now
        )
    }

    /// Raises a signal at its own time.
    mutating func raise(_ milliseconds: Int64, _ signal: String, by operation: Int64 = 1) {
        append(.at(milliseconds, signal, by: operation), now: .at(milliseconds))
    }

    func countOf(name: String) -> Int { countOf(SignalName(name)) }

    mutating func names(_ patterns: SignalPatternSet = ["*"]) -> [String] { events(patterns).map(\.signal) }
}
