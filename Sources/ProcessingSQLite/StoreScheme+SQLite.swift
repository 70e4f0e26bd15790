public import Processing

extension StoreScheme {
    /// Stores in SQLite files: `sqlite:` and a path, absolute or from the working folder.
    public static var sqlite: StoreScheme {
        StoreScheme(name: "sqlite", example: "sqlite:/path/to/jobs.db") { address in
            var path = address.dropFirst("sqlite:".count)
            // Written as a URL with an empty host.
            if path.hasPrefix("///") { path = path.dropFirst(2) }
            guard !path.isEmpty, !path.hasPrefix("//") else {
                throw ProcessingError(
                    code: .invalidArgument,
                    message: "'\(address)' names no file; give sqlite:/path/to/jobs.db"
                )
            }
            return try SQLiteProcessingStore(path: String(path))
        }
    }
}
