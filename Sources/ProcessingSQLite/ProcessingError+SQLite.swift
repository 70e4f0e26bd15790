internal import GRDB
internal import Processing

extension ProcessingError {
    /// What an error of SQLite means to those who use a store.
    init(sqlite error: any Error) {
        guard let error = error as? DatabaseError else {
            self.init(
                code: .storeUnavailable,
                message: "the database could not make the change; nothing was changed",
                underlyingError: error
            )
            return
        }
        let (code, message) = Self.meaning(of: error.resultCode)
        self.init(code: code, message: message, underlyingError: error)
    }

    private static func meaning(of code: ResultCode) -> (Code, String) {
        switch code {
        case .SQLITE_FULL:
            (.storeFull, "the disk or the file's allowance is full; make room, nothing was changed")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (.storeUnavailable, "another process keeps the database busy; nothing was changed, try again")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            (.storeRefused, "the database file cannot be written; give this user the right to write it and its folder")
        case .SQLITE_CANTOPEN:
            (.storeUnavailable, "the database file cannot be opened; its folder must exist and be writable")
        case .SQLITE_NOTADB:
            (.foreignStore, "the file is no SQLite database; give a file that does not exist yet, or one of a store")
        case .SQLITE_CORRUPT:
            (.foreignStore, "the database file is damaged; restore a copy, or rescue it with the sqlite3 tool")
        case .SQLITE_IOERR:
            (.outcomeUnknown, "the disk failed in the middle of a change; it may have been made or not")
        default:
            (.storeUnavailable, "the database could not make the change; nothing was changed")
        }
    }
}
