internal import EphemeralTime
internal import Synchronization

/// Clearing forgets signals, as if they had outlived their age: rules see it at once, subscribers to retractions are not
/// told. That something was cleared is a signal of its own.
extension SignalSink {
    /// Forgets all live signals, and raises `sink.cleared` with their number as the key if there were any.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func clear() -> Int { clear(.all) }

    /// Forgets the live signals whose name matches, and raises `sink.cleared.pattern` with the key `pattern:number` if
    /// there were any.
    ///
    /// - Parameter pattern: What names have to match.
    /// - Returns: How many there were.
    @discardableResult
    public func clear(matching pattern: SignalPattern) -> Int { clear(.matching(pattern)) }

    /// Forgets the live signals that one operation raised, and raises `sink.cleared` with their number as the key if there
    /// were any.
    ///
    /// O(window).
    ///
    /// - Parameter operation: Whose signals to forget.
    /// - Returns: How many there were.
    @discardableResult
    public func clear(operation: OperationID) -> Int { clear(.operation(operation)) }

    /// Forgets the live signals of a key, and raises `sink.cleared` with their number as the key if there were any.
    ///
    /// O(window).
    ///
    /// - Parameter key: Which signals to forget, by what they are about.
    /// - Returns: How many there were.
    @discardableResult
    public func clear(key: String) -> Int { clear(.key(key)) }

    private func clear(_ selection: SignalSinkState.Clearing) -> Int {
        let now = time.now
        let (count, delivery) = state.withLock { $0.clear(selection, wallOffset: wallOffset, now: now) }
        if let delivery {
            let note = selection.note(count)
            perform(
                delivery,
                SignalEvent(
                    signal: note.signal,
                    operationID: delivery.identity,
                    key: note.key,
                    time: now,
                    wallOffset: wallOffset
                )
            )
        }
        return count
    }
}

extension SignalSinkState {
    /// What to forget.
    enum Clearing: Sendable {
        case all
        case matching(SignalPattern)
        case operation(OperationID)
        case key(String)

        /// The signal that says how much was forgotten.
        func note(_ count: Int) -> (signal: String, key: String) {
            switch self {
            case .all, .operation, .key: ("sink.cleared", "\(count)")
            case .matching(let pattern): ("sink.cleared.pattern", "\(pattern.text):\(count)")
            }
        }
    }

    /// Forgets signals and notes how many, unless there were none.
    ///
    /// - Returns: How many, and whom to tell of the note and of the changes; `nil` when there is nobody.
    mutating func clear(
        _ selection: Clearing,
        wallOffset: Int64,
        now: Timestamp
    ) -> (count: Int, delivery: Delivery<SignalEvent>?) {
        let count = withCurrentWindow(now: now) { window in
            switch selection {
            case .all: window.removeAll { _, _ in true }
            case .matching(let pattern): window.remove(SignalPatternSet(pattern)).count
            case .operation(let operation): window.removeAll { owner, _ in owner == operation }
            case .key(let key): window.removeAll { _, about in about?.hasSameBytes(as: key) ?? false }
            }
        }
        guard count > 0 else { return (0, nil) }
        let note = selection.note(count)
        return (count, raise(SignalName(note.signal), key: note.key, time: now, wallOffset: wallOffset, now: now))
    }
}
