internal import EphemeralTime

/// Which operations of a coordinator to look at.
@nonexhaustive
public enum OperationSelection: Sendable {
    /// Running ones.
    case running
    /// Ended ones, whatever became of them.
    case finished
    /// Ones whose body returned.
    case completed
    /// Ones whose body threw.
    case failed
    /// Ones that were cancelled or skipped.
    case cancelled
}

extension WorkCoordinator {
    /// All counters in one consistent reading.
    public var stats: CoordinatorStats { engine.withWholeState { $0.core.stats } }

    /// Operations that wait in the queue.
    public var pendingCount: Int { stats.pending }

    /// Operations whose body is running.
    public var activeCount: Int { stats.active }

    /// The operations that are running or still visible: ended ones in the order of their end, then running ones.
    ///
    /// O(window).
    public func snapshot() -> [OperationSnapshot] {
        engine.snapshots { _ in true }
    }

    /// The visible operations of one kind, in the order of ``snapshot()``.
    ///
    /// O(window).
    public func operations(in selection: OperationSelection) -> [OperationSnapshot] {
        engine.snapshots { record in
            switch selection {
            case .running: record.state == .running
            case .finished: record.state != .running
            case .completed: record.state == .completed
            case .failed: record.state == .failed
            case .cancelled: record.state == .cancelled || record.state == .skipped
            }
        }
    }

    /// Keeps an operation visible, whatever its age, until it is unpinned or evicted; works for queued ones too.
    ///
    /// O(window + queue).
    ///
    /// - Returns: Whether the operation is known.
    @discardableResult
    public func pin(_ id: OperationID) -> Bool { engine.setPinned(id, true) }

    /// Lets an operation leave again when its turn comes.
    ///
    /// O(window + queue).
    ///
    /// - Returns: Whether the operation is known.
    @discardableResult
    public func unpin(_ id: OperationID) -> Bool { engine.setPinned(id, false) }

    /// Makes a finished operation leave at once, pinned or not.
    ///
    /// O(window).
    ///
    /// - Returns: Whether it was there; `false` for queued, running and unknown ones.
    @discardableResult
    public func evict(_ id: OperationID) -> Bool { engine.evict(id) }

    /// The signals of operations that are running or still visible, by time.
    ///
    /// O(window).
    public func signals(_ query: SignalQuery = .all) -> [SignalEvent] {
        engine.ownSignals(query)
    }

    /// How many signals of operations that are running or still visible satisfy a query.
    ///
    /// O(window).
    public func count(_ query: SignalQuery) -> Int { engine.ownSignals(query).count }

    /// Whether a signal of an operation that is running or still visible satisfies a query.
    ///
    /// O(window).
    public func contains(_ query: SignalQuery) -> Bool { !engine.ownSignals(query).isEmpty }
}
