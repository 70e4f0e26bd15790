/// An event as it is kept during a run, in 16 bytes.
///
/// Memory that is touched for the first time costs more than recording itself. The key, which the plan knows, is put in
/// when the history is made.
struct RecordedEvent: Equatable, Sendable {
    /// Nanoseconds from the start of the run.
    let time: Int64
    /// The operation's index; for signals, -1 minus the number of the name.
    private let subject: Int32
    private let error: UInt16
    private let attempt: UInt8
    let kind: HistoryEvent.Kind

    /// Creates an event of an operation.
    @inline(__always)
    init(time: Int64, kind: HistoryEvent.Kind, operation: Int, attempt: Int = 0, error: Int = 0) {
        self.time = time
        self.kind = kind
        subject = Int32(truncatingIfNeeded: operation)
        self.attempt = UInt8(clamping: attempt)
        self.error = UInt16(clamping: error)
    }

    /// Creates an event of a signal.
    init(time: Int64, kind: HistoryEvent.Kind, signal number: Int32) {
        self.time = time
        self.kind = kind
        subject = -1 - number
        attempt = 0
        error = 0
    }

    /// Creates an event of an operation that a part of the target takes up.
    init(time: Int64, assigning operation: Int, to part: Int) {
        self.init(time: time, kind: .assigned, operation: operation, number: part)
    }

    /// Creates an event of an operation that raises a signal.
    init(time: Int64, emittedBy operation: Int, signal number: Int32) {
        self.init(time: time, kind: .emitted, operation: operation, number: Int(number))
    }

    private init(time: Int64, kind: HistoryEvent.Kind, operation: Int, number: Int) {
        self.time = time
        self.kind = kind
        subject = Int32(truncatingIfNeeded: operation)
        // The number has 24 bits, where other events have an attempt and an error.
        error = UInt16(truncatingIfNeeded: number)
        attempt = UInt8(truncatingIfNeeded: number >> 16)
    }

    /// The operation's index; -1 for events of signals.
    var operation: Int32 { max(-1, subject) }

    /// The event as a history holds it.
    ///
    /// - Parameters:
    ///   - key: The key of an operation.
    ///   - lane: The lane of an operation.
    /// - Returns: The whole event.
    func expanded(key: (Int) -> Int, lane: (Int) -> Int = { _ in 0 }) -> HistoryEvent {
        guard subject >= 0 else { return HistoryEvent(time: time, kind: kind, detail: -1 - subject) }
        let lane = UInt8(clamping: lane(Int(subject)))
        if kind == .assigned || kind == .emitted {
            let number = Int32(attempt) << 16 | Int32(error)
            return HistoryEvent(time: time, kind: kind, operation: operation, detail: number, lane: lane)
        }
        return HistoryEvent(
            time: time,
            kind: kind,
            operation: operation,
            detail: Int32(truncatingIfNeeded: key(Int(subject))),
            attempt: attempt,
            error: error,
            lane: lane
        )
    }
}
