public import Processing

extension StoreScheme {
    /// Stores on Redis servers: `redis://[[user]:password@]host[:port][/database]`.
    ///
    /// `?queuePrefix=…&emergencyPrefix=…&emergencyTag=…&trustRoots=…` sets those of `RedisStoreOptions`.
    public static var redis: StoreScheme { scheme("redis") }

    /// Stores on Redis servers under TLS, with the same options as `redis`.
    public static var rediss: StoreScheme { scheme("rediss") }

    private static func scheme(_ name: String) -> StoreScheme {
        StoreScheme(name: name, example: "\(name)://host:6379/0") { address in
            let (url, options) = try StoreAddress.split(address)
            return try await RedisProcessingStore.open(url, options: options)
        }
    }
}

/// The address of a store: the URL of its server and, after a question mark, options.
enum StoreAddress {
    /// Takes an address apart.
    ///
    /// - Throws: `ProcessingError` with code `invalidArgument`, which never shows what stands before the `@`.
    static func split(_ address: String) throws -> (url: String, options: RedisStoreOptions) {
        var options = RedisStoreOptions()
        // A password may hold a question mark that nobody has escaped.
        let place = address.lastIndex(of: "@") ?? address.startIndex
        guard let mark = address[place...].firstIndex(of: "?") else { return (address, options) }
        for pair in address[address.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty else { throw refuse("'\(pair)' is not a name, '=' and a value") }
            switch parts[0] {
            case "queuePrefix": options.queuePrefix = parts[1]
            case "emergencyPrefix": options.emergencyPrefix = parts[1]
            case "emergencyTag": options.emergencyTag = parts[1]
            case "trustRoots": options.trustRoots = parts[1]
            default: throw refuse("there is no option '\(parts[0])'")
            }
        }
        return (String(address[..<mark]), options)
    }

    private static func refuse(_ what: String) -> ProcessingError {
        ProcessingError(
            code: .invalidArgument,
            message: "the options after '?' in the address of the store cannot be used: \(what); "
                + "known are queuePrefix, emergencyPrefix, emergencyTag, trustRoots"
        )
    }
}
