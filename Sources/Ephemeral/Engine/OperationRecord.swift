internal import EphemeralTime
internal import Synchronization

/// What is kept of an operation: times and outcome.
///
/// Everything rare is in one optional box, so that the record of a plain operation is moved about without reference
/// counting.
@usableFromInline
struct OperationRecord: Sendable {
    let id: OperationID
    let enqueuedAt: Timestamp
    /// `distantPast` when the body never ran.
    var startedAt: Timestamp
    /// `distantFuture` while the body runs.
    var completedAt = Timestamp.distantFuture
    var state = State.running
    var isPinned = false
    var tag: (any OperationTag)?
    private var details: OperationDetails?

    enum State: UInt8 {
        case running, completed, failed, cancelled, skipped
        /// Taken out of the window; its place is reclaimed later.
        case evicted
    }

    init(id: OperationID, enqueuedAt: Timestamp, startedAt: Timestamp = .distantPast) {
        self.id = id
        self.enqueuedAt = enqueuedAt
        self.startedAt = startedAt
    }

    /// Whether there is anything rare about the operation.
    var hasDetails: Bool { details != nil }
    var error: (any Error)? { details?.error }
    var skippedBy: String? { details?.skippedBy }
    var events: [SignalEvent] { details?.events ?? [] }
    var hasEvents: Bool { details?.hasEvents ?? false }

    mutating func setError(_ error: any Error) { changeDetails { $0.error = error } }
    mutating func setSkippedBy(_ signal: String) { changeDetails { $0.skippedBy = signal } }

    /// How many signals are kept of one operation; the oldest go first.
    static let signalLimit = 1000

    mutating func append(_ event: SignalEvent) {
        changeDetails { content in
            if content.events.count >= Self.signalLimit { content.events.removeFirst() }
            content.events.append(event)
        }
    }

    /// Removes the events that satisfy `predicate` and returns them in order of emission.
    mutating func removeEvents(where predicate: (SignalEvent) -> Bool) -> [SignalEvent] {
        let removed = events.filter(predicate)
        if !removed.isEmpty { changeDetails { $0.events.removeAll(where: predicate) } }
        return removed
    }

    /// Copies of a record share a box; a change makes a new one, unless there are no copies.
    private mutating func changeDetails(_ change: (inout OperationDetails.Content) -> Void) {
        if !isKnownUniquelyReferenced(&details) {
            details = OperationDetails(details?.content ?? OperationDetails.Content())
        }
        details?.change(change)
    }

    /// The record without what it holds for the sake of others: its signals, and what its body returned.
    var echo: OperationRecord {
        var echo = OperationRecord(id: id, enqueuedAt: enqueuedAt, startedAt: startedAt)
        echo.completedAt = completedAt
        echo.state = state
        if tag is ResultCell == false { echo.tag = tag }
        if let error { echo.setError(error) }
        if let skippedBy { echo.setSkippedBy(skippedBy) }
        return echo
    }

    func echo(leftAt: Timestamp, wallOffset: Duration) -> OperationEcho {
        OperationEcho(
            id: id,
            outcome: outcome,
            key: tag?.keyText,
            completedAt: completedAt.instant,
            leftAt: leftAt.instant,
            wallOffset: wallOffset
        )
    }

    func snapshot(wallOffset: Duration) -> OperationSnapshot {
        OperationSnapshot(
            id: id,
            outcome: outcome,
            enqueuedAt: enqueuedAt.instant,
            startedAt: startedAt == .distantPast ? nil : startedAt.instant,
            completedAt: completedAt == .distantFuture ? nil : completedAt.instant,
            key: tag?.keyText,
            events: events,
            isPinned: isPinned,
            wallOffset: wallOffset
        )
    }

    private var outcome: OperationOutcome {
        switch state {
        case .running: .running
        case .completed, .evicted: .completed
        case .failed: error.map { .failed($0) } ?? .completed
        case .cancelled: .cancelled
        case .skipped: .skipped(signal: skippedBy ?? "")
        }
    }
}

/// The rare part of an operation's record.
private final class OperationDetails: Sendable {
    struct Content: Sendable {
        var error: (any Error)?
        var skippedBy: String?
        var events: [SignalEvent] = []
    }

    private let guarded: Mutex<Content>

    init(_ content: Content) { guarded = Mutex(content) }

    var content: Content { guarded.withLock { $0 } }
    var error: (any Error)? { guarded.withLock { $0.error } }
    var skippedBy: String? { guarded.withLock { $0.skippedBy } }
    var events: [SignalEvent] { guarded.withLock { $0.events } }
    var hasEvents: Bool { guarded.withLock { !$0.events.isEmpty } }

    func change(_ change: (inout Content) -> Void) { guarded.withLock { change(&$0) } }
}
