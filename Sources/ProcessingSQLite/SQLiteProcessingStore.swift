internal import EphemeralTime
internal import Foundation
internal import GRDB
public import Processing

/// A store in an SQLite file: what it answers with success survives the process, and with full durability power cuts too.
///
/// ```swift
/// let store = try SQLiteProcessingStore(path: "/var/lib/shop/jobs.db")
/// let manager = try ProcessingManager(store: store, processors: processors)
/// ```
///
/// Callers that come while a commit is under way share the next one, so that many of them cost little more than one. Several
/// processes of one machine may use the same file; the file must be on a local disk.
///
/// **Ordering**: changes are made in the order in which they were asked for.
///
/// **Cancellation**: a change that was asked for is made; cancelling the task that asked for it changes nothing. Claims that
/// wait end with `CancellationError`.
public final class SQLiteProcessingStore: ProcessingStore {
    /// The file.
    public let path: String
    /// How it behaves.
    public let options: SQLiteStoreOptions
    let writer: SQLiteWriter
    let bell = WorkBell()
    private let database: DatabaseQueue

    /// Opens a store, or creates it.
    ///
    /// - Parameters:
    ///   - path: The file; its folder must exist.
    ///   - options: How it behaves.
    /// - Throws: `ProcessingError` with code `foreignStore` when the file is something else or damaged, `storeRefused` when
    ///   it may not be written or is on a network file system, `storeUnavailable` when it cannot be opened.
    public init(path: String, options: SQLiteStoreOptions = SQLiteStoreOptions()) throws {
        self.path = path
        self.options = options
        try LocalDisk.require(path)
        do {
            database = try Self.open(path, options)
        } catch let error as ProcessingError {
            throw error
        } catch {
            var error = ProcessingError(sqlite: error)
            error.message = "'\(path)': \(error.message)"
            throw error
        }
        writer = SQLiteWriter(
            database,
            clock: SQLiteClock(time: options.time),
            durability: options.durability
        )
    }

    /// The largest payload that is taken, in bytes.
    public var maxPayloadBytes: Int { options.maxPayloadBytes }

    private static func open(_ path: String, _ options: SQLiteStoreOptions) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "ProcessingSQLite"
        configuration.busyMode = .timeout(options.busyTimeout / .seconds(1))
        configuration.maximumReaderCount = 1
        let database = try DatabaseQueue(path: path, configuration: configuration)
        try database.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                try SQLiteSchema.prepare(db, path: path)
                return .commit
            }
            // Only now: the file is ours to change.
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = \(options.durability.pragma)")
            if options.checksIntegrity {
                let answer = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
                guard answer == "ok" else {
                    throw ProcessingError(
                        code: .foreignStore,
                        message: "'\(path)' is damaged (\(answer)); restore a copy, or rescue it with the sqlite3 tool"
                    )
                }
            }
            if let bytes = options.maxFileBytes {
                let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
                // A tenth more, so that ends of attempts can still be noted when no more jobs are taken.
                try db.execute(sql: "PRAGMA max_page_count = \(max(64, bytes / pageSize * 11 / 10))")
            }
        }
        return database
    }

    /// How the store is; see `EmergencyStore`.
    public func health() async -> StoreHealth {
        var health = StoreHealth()
        if let problem = writer.problem { health.problems.append("the last change failed: \(problem)") }
        do {
            // Whether it can be written is found out by writing.
            health.facts = try await writer.perform { transaction in
                try transaction.run("UPDATE counter SET value = value + 1 WHERE name = 'probe'")
                return try transaction.facts()
            }
            health.problems = []
        } catch {
            health.problems = ["the database cannot be written: \(error)"]
        }
        health.facts["path"] = path
        if options.durability == .relaxed {
            health.warnings.append(
                "durability is relaxed: a power cut may undo the last changes, and no backups are taken"
            )
        }
        return health
    }

    /// Lets go of everything; see `EmergencyStore`.
    public func shutdown() async {
        bell.close()
        await writer.close()
        // What is left in the write-ahead log stays readable; moving it is a service to those who copy the file.
        try? await database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try? database.close()
    }
}

extension SQLiteTransaction {
    fileprivate func facts() throws -> [String: String] {
        let names = ["page_count", "page_size", "freelist_count", "journal_mode", "synchronous"]
        return Dictionary(
            uniqueKeysWithValues: try names.map { ($0, try String.fetchOne(db, sql: "PRAGMA \($0)") ?? "") }
        )
    }

    /// Refuses a change that would make the file larger than allowed.
    func requireRoom(_ options: SQLiteStoreOptions) throws {
        guard let limit = options.maxFileBytes else { return }
        func read(_ pragma: String) throws -> Int { try Int.fetchOne(statement("PRAGMA \(pragma)")) ?? 0 }
        let used = try (read("page_count") - read("freelist_count")) * read("page_size")
        guard used >= limit else { return }
        throw ProcessingError(
            code: .storeFull,
            message:
                "the file holds \(used) bytes and may hold \(limit); work jobs off, discard dead letters, or allow more"
        )
    }
}
