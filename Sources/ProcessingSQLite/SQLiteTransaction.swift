internal import GRDB
internal import Processing

/// What one change of a store works with: the connection inside a transaction, the time, and counters that are written once
/// for all changes of the transaction.
final class SQLiteTransaction {
    let db: Database
    let now: Int64
    private var deltas: [Int64: [Counter: Int]] = [:]
    private var queueIDs: [String: Int64]

    enum Counter: String, CaseIterable {
        case enqueued, done, discarded, retried, expired
    }

    init(_ db: Database, now: Int64, queueIDs: [String: Int64]) {
        self.db = db
        self.now = now
        self.queueIDs = queueIDs
    }

    /// The queues that are known after the transaction.
    var knownQueues: [String: Int64] { queueIDs }

    func count(_ counter: Counter, _ queue: Int64, _ delta: Int = 1) {
        deltas[queue, default: [:]][counter, default: 0] += delta
    }

    /// Counters of a queue that are not written yet.
    func pending(_ counter: Counter, _ queue: Int64) -> Int { deltas[queue]?[counter] ?? 0 }

    func writeCounters() throws {
        for (queue, counters) in deltas {
            for (counter, delta) in counters {
                let name = counter.rawValue
                try run("UPDATE queue SET \(name) = \(name) + ? WHERE id = ?", [delta, queue])
            }
        }
        deltas = [:]
    }

    /// The number of a queue; `nil` when it never had a job.
    func queue(_ name: String) throws -> Int64? {
        if let known = queueIDs[name] { return known }
        let found = try Int64.fetchOne(statement("SELECT id FROM queue WHERE name = ?"), arguments: [name])
        if let found { queueIDs[name] = found }
        return found
    }

    func queue(creating name: String) throws -> Int64 {
        if let known = try queue(name) { return known }
        try run("INSERT INTO queue (name) VALUES (?)", [name])
        queueIDs[name] = db.lastInsertedRowID
        return db.lastInsertedRowID
    }

    func statement(_ sql: String) throws -> Statement { try db.cachedStatement(sql: sql) }

    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try statement(sql).execute(arguments: arguments)
    }

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        try Row.fetchAll(statement(sql), arguments: arguments)
    }

    /// The number above all jobs: who gets it is behind all others.
    func nextSequence() throws -> Int64 {
        try Int64.fetchOne(statement("SELECT coalesce(max(seq), 0) + 1 FROM job")) ?? 1
    }
}
