internal import GRDB
internal import Processing
internal import Synchronization

/// The one writer of a store: everything that is asked for while a commit is under way shares the next one.
///
/// Nobody waits for company: the first to come begins at once, those who come meanwhile go together afterwards.
///
/// **Ordering**: changes are made in the order in which they were asked for.
final class SQLiteWriter: Sendable {
    /// A change, which reports its end when it is committed, or fails.
    struct Change: Sendable {
        /// Whether a power cut may not undo it: a claim that is undone is only made again.
        let isDurable: Bool
        let run: @Sendable (SQLiteTransaction) throws -> @Sendable () -> Void
        let fail: @Sendable (ProcessingError) -> Void
    }

    private struct State {
        var changes: [Change] = []
        var isBusy = false
        var isClosed = false
        var queueIDs: [String: Int64] = [:]
        var problem: String?
        var closing: CheckedContinuation<Void, Never>?
    }

    private static let batchSize = 256
    private let database: DatabaseQueue
    private let clock: SQLiteClock
    private let durability: SQLiteDurability
    private let state = Mutex(State())

    init(_ database: DatabaseQueue, clock: SQLiteClock, durability: SQLiteDurability) {
        self.durability = durability
        self.database = database
        self.clock = clock
    }

    /// What the last change that could not be made said; `nil` since one could be made.
    var problem: String? { state.withLock { $0.problem } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Makes a change; returns when it is committed.
    ///
    /// An error of type `ProcessingError` must be thrown before anything is written: it ends this change and no other.
    ///
    /// - Parameters:
    ///   - isDurable: Whether a power cut may not undo it.
    ///   - body: What is changed.
    /// - Returns: What the body returns.
    /// - Throws: `ProcessingError`.
    func perform<Value: Sendable>(
        durably isDurable: Bool = true,
        _ body: @escaping @Sendable (SQLiteTransaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let change = Change(isDurable: isDurable) { transaction in
                do {
                    let value = try body(transaction)
                    return { continuation.resume(returning: value) }
                } catch let error as ProcessingError {
                    return { continuation.resume(throwing: error) }
                }
            } fail: { error in
                continuation.resume(throwing: error)
            }
            add(change)
        }
    }

    private func add(_ change: Change) {
        let (isClosed, starts) = state.withLock { state in
            if state.isClosed { return (true, false) }
            state.changes.append(change)
            defer { state.isBusy = true }
            return (false, !state.isBusy)
        }
        if isClosed { return change.fail(.closedStore) }
        if starts { database.asyncWriteWithoutTransaction { self.work($0) } }
    }

    /// Makes no more changes than have been asked for; returns when they are made.
    func close() async {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        if wasClosed { return }
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.isBusy { state.closing = continuation }
                return !state.isBusy
            }
            if isIdle { continuation.resume() }
        }
    }

    private func nextBatch() -> [Change]? {
        let (batch, closing) = state.withLock { state -> ([Change], CheckedContinuation<Void, Never>?) in
            let batch = Array(state.changes.prefix(Self.batchSize))
            state.changes.removeFirst(batch.count)
            guard batch.isEmpty else { return (batch, nil) }
            state.isBusy = false
            defer { state.closing = nil }
            return (batch, state.closing)
        }
        closing?.resume()
        return batch.isEmpty ? nil : batch
    }

    private func work(_ db: Database) {
        while let batch = nextBatch() { commit(batch, db) }
    }

    private func commit(_ batch: [Change], _ db: Database) {
        do {
            let ends = try transaction(batch, db)
            state.withLock { $0.problem = nil }
            for end in ends { end() }
        } catch {
            let failure = ProcessingError(sqlite: error)
            if batch.count > 1, failure.code == .storeFull || !(error is DatabaseError) {
                // One of them may be at fault; each on its own finds out which.
                for change in batch { commit([change], db) }
                return
            }
            state.withLock { $0.problem = "\(failure)" }
            for change in batch { change.fail(failure) }
        }
    }

    private func transaction(_ batch: [Change], _ db: Database) throws -> [@Sendable () -> Void] {
        let queueIDs = state.withLock { $0.queueIDs }
        let transaction = SQLiteTransaction(db, now: clock.now, queueIDs: queueIDs)
        // A commit that syncs puts everything before it on the disk too.
        let spares = durability == .full && !batch.contains { $0.isDurable }
        if spares { try setDurability(.relaxed, db) }
        defer { if spares { try? setDurability(.full, db) } }
        var ends: [@Sendable () -> Void] = []
        ends.reserveCapacity(batch.count)
        try db.inTransaction(.immediate) {
            for change in batch { ends.append(try change.run(transaction)) }
            try transaction.writeCounters()
            return .commit
        }
        if transaction.knownQueues.count != queueIDs.count {
            state.withLock { $0.queueIDs = transaction.knownQueues }
        }
        return ends
    }

    private func setDurability(_ durability: SQLiteDurability, _ db: Database) throws {
        try db.cachedStatement(sql: "PRAGMA synchronous = \(durability.pragma)").execute()
    }
}
