internal import GRDB
internal import Processing

/// The tables of a store, and how a file shows that it is one.
enum SQLiteSchema {
    /// "Ephm", in the header of the file.
    static let applicationID = 0x4570_686D
    static let version = 1

    enum State: Int {
        case waiting = 0
        case delayed = 1
        case running = 2
        case dead = 3
    }

    private static let statements = """
        CREATE TABLE queue (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
          enqueued INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0, discarded INTEGER NOT NULL DEFAULT 0,
          retried INTEGER NOT NULL DEFAULT 0, expired INTEGER NOT NULL DEFAULT 0);
        -- Text from outside that may hold anything, zero bytes too, is kept as bytes.
        -- seq is the order within a state: a job that waits or dies anew gets the highest one.
        -- due is the time of a delayed job, the end of a running one's lease, the death of a dead one.
        CREATE TABLE job (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, queue INTEGER NOT NULL, priority INTEGER NOT NULL,
          state INTEGER NOT NULL, due INTEGER, operation TEXT NOT NULL, payload BLOB NOT NULL, tags BLOB NOT NULL,
          attempts INTEGER NOT NULL, max_attempts INTEGER NOT NULL, enqueued_at INTEGER NOT NULL,
          token TEXT, worker TEXT, reason TEXT, error BLOB);
        CREATE INDEX job_waiting ON job (queue, priority, seq) WHERE state = 0;
        -- One for each state: SQLite takes a partial index only where a query repeats its condition.
        CREATE INDEX job_delayed ON job (queue, due) WHERE state = 1;
        CREATE INDEX job_running ON job (queue, due) WHERE state = 2;
        CREATE INDEX job_dead ON job (queue, seq) WHERE state = 3;
        CREATE TABLE idempotency (
          queue INTEGER NOT NULL, key TEXT NOT NULL, job TEXT NOT NULL, until INTEGER NOT NULL,
          PRIMARY KEY (queue, key)) WITHOUT ROWID;
        CREATE INDEX idempotency_until ON idempotency (until);
        CREATE TABLE worker (
          queue INTEGER NOT NULL, id TEXT NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (queue, id)) WITHOUT ROWID;
        CREATE TABLE emergency (
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, operation TEXT, payload BLOB NOT NULL,
          tags BLOB NOT NULL, attempts INTEGER NOT NULL, error BLOB, created_at INTEGER NOT NULL, expires_at INTEGER,
          token TEXT NOT NULL, run_ends INTEGER NOT NULL);
        CREATE INDEX emergency_expiry ON emergency (expires_at) WHERE expires_at IS NOT NULL;
        CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO counter VALUES ('expired_unresolved', 0), ('probe', 0);
        """

    /// Creates the tables in an empty file; refuses a file that is something else.
    static func prepare(_ db: Database, path: String) throws {
        func read(_ pragma: String) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA \(pragma)") ?? 0 }
        let (application, found) = (try read("application_id"), try read("user_version"))
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        func refuse(_ message: String) -> ProcessingError {
            ProcessingError(code: .foreignStore, message: "'\(path)' \(message)")
        }
        if isEmpty, application == 0, found == 0 {
            try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
            return try db.execute(sql: statements)
        }
        guard application == applicationID else {
            throw refuse("is a database of another program; give a file that does not exist yet, or one of a store")
        }
        guard found <= version else {
            throw refuse("was written by a newer version (format \(found), known is \(version)); update this program")
        }
    }
}
