internal import EphemeralTime

/// What is kept of an operation: times and outcome.
///
/// Everything rare is in one optional box, so that the record of a plain operation is moved about without reference
/// counting.
struct OperationRecord: Sendable {
    let id: OperationID
    let enqueuedAt: Timestamp
    /// `distantPast` when the body never ran.
    var startedAt: Timestamp
    /// `distantFuture` while the body runs.
    var completedAt = Timestamp.distantFuture
    var state = State.running
    var isPinned = false
    /// What the operation is ordered by; described only when somebody looks.
    var key: (any Sendable)?
    /// What the body returned, where somebody may ask for it.
    var output: (any AnyObject & Sendable)?
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

    var error: (any Error)? { details?.error }
    var skippedBy: String? { details?.skippedBy }
    var events: [SignalEvent] { details?.content.events.all ?? [] }
    var hasEvents: Bool { details.map { !$0.content.events.isEmpty } ?? false }

    mutating func setError(_ error: any Error) { changeDetails { $0.error = error } }
    mutating func setSkippedBy(_ signal: String) { changeDetails { $0.skippedBy = signal } }
    mutating func append(_ event: SignalEvent) { changeDetails { $0.events.append(event) } }

    /// Removes the events that satisfy `predicate` and returns them in order of emission.
    mutating func removeEvents(where predicate: (SignalEvent) -> Bool) -> [SignalEvent] {
        let removed = events.filter(predicate)
        if !removed.isEmpty { changeDetails { $0.events.removeAll(where: predicate) } }
        return removed
    }

    /// Boxes are immutable and shared between copies of a record; a change makes a new one.
    private mutating func changeDetails(_ change: (inout OperationDetails.Content) -> Void) {
        var content = details?.content ?? OperationDetails.Content()
        change(&content)
        details = OperationDetails(content)
    }

    func snapshot(wallOffset: Duration) -> OperationSnapshot {
        OperationSnapshot(
            id: id,
            outcome: outcome,
            enqueuedAt: enqueuedAt.instant,
            startedAt: startedAt == .distantPast ? nil : startedAt.instant,
            completedAt: completedAt == .distantFuture ? nil : completedAt.instant,
            key: key.map(String.init(describing:)),
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
        var events = EventList()
    }

    let content: Content

    init(_ content: Content) { self.content = content }

    var error: (any Error)? { content.error }
    var skippedBy: String? { content.skippedBy }
}
