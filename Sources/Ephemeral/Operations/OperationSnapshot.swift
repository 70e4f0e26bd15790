public import EphemeralTime

/// What is known of one operation at one moment: a value that never changes, without the item that was processed.
public struct OperationSnapshot: Sendable, Identifiable {
    /// The identity that `enqueue` returned.
    public let id: OperationID
    /// What became of it.
    public let outcome: OperationOutcome
    /// When it was accepted.
    public let enqueuedAt: ContinuousClock.Instant
    /// When its body began; `nil` if it never did.
    public let startedAt: ContinuousClock.Instant?
    /// When it ended, with or without having run; `nil` while it runs.
    public let completedAt: ContinuousClock.Instant?
    /// The key it was ordered by, as text; `nil` where coordinators have no keys.
    public let key: String?
    /// The signals it has raised and not retracted, in order of emission.
    public let events: [SignalEvent]
    /// Whether it stays in the window until it is unpinned.
    public let isPinned: Bool
    let wallOffset: Duration

    /// The time between acceptance and start, or, if it never started, and end.
    public var queueDelay: Duration {
        enqueuedAt.duration(to: startedAt ?? completedAt ?? enqueuedAt)
    }

    /// The running time of the body; `nil` while it runs or if it never did.
    public var duration: Duration? {
        guard let startedAt, let completedAt else { return nil }
        return startedAt.duration(to: completedAt)
    }

    /// The wall time of acceptance.
    public var enqueued: WallTime { wallTime(enqueuedAt) }

    /// The wall time at which the body began; `nil` if it never did.
    public var started: WallTime? { startedAt.map(wallTime) }

    /// The wall time of the end; `nil` while it runs.
    public var completed: WallTime? { completedAt.map(wallTime) }

    /// Whether the body threw.
    public var isFaulted: Bool { error != nil }

    /// The error that the body threw.
    public var error: (any Error)? {
        if case .failed(let error) = outcome { error } else { nil }
    }

    /// The names of ``events``; `nil` when there are none.
    public var signals: [String]? {
        events.isEmpty ? nil : events.map(\.signal)
    }

    /// Whether the operation has raised a signal of this name and not retracted it.
    public func hasSignal(_ name: String) -> Bool {
        events.contains { $0.signal == name }
    }

    private func wallTime(_ instant: ContinuousClock.Instant) -> WallTime {
        WallTime(instant, wallOffset: wallOffset)
    }
}

extension WallTime {
    /// The calendar's reading at an instant.
    init(_ instant: ContinuousClock.Instant, wallOffset: Duration) {
        self.init(sinceUnixEpoch: ContinuousClock().systemEpoch.duration(to: instant) + wallOffset)
    }
}
