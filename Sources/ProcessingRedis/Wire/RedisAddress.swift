internal import Processing

/// Where a server is and who wants to be let in, read from a URL.
struct RedisAddress: Sendable, Hashable {
    var host: String
    var port = 6379
    var usesTLS = false
    var login = RedisLogin()

    /// Reads `redis://[[user]:password@]host[:port][/database]`; `rediss://` is the same under TLS.
    ///
    /// - Throws: `ProcessingError` with code `invalidArgument`, which never shows what stands before the `@`.
    init(url: String) throws {
        let scheme = url.prefix { $0 != ":" }
        let rest = url.dropFirst(scheme.count + 3)
        guard url.dropFirst(scheme.count).hasPrefix("://") else { throw Self.refuse("it has no scheme") }
        switch scheme.lowercased() {
        case "redis": break
        case "rediss": usesTLS = true
        default: throw Self.refuse("the scheme is '\(scheme)'")
        }
        // A password may hold a slash or an '@' that nobody has escaped; a host holds none.
        let credentials = rest.lastIndex(of: "@").map { rest[..<$0] }
        let place = credentials.map { rest[rest.index(after: $0.endIndex)...] } ?? rest
        if let credentials { try login.read(credentials) }
        guard !place.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw Self.refuse("it has options after '?' or '#'; give them in RedisStoreOptions")
        }
        let parts = place.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        host = ""
        try readPlace(parts[0])
        if parts.count == 2, !parts[1].isEmpty { try readDatabase(parts[1]) }
    }

    private mutating func readPlace(_ place: Substring) throws {
        var port: Substring?
        if place.first == "[" {
            guard let end = place.firstIndex(of: "]") else { throw Self.refuse("the address in '[' has no ']'") }
            host = String(place[place.index(after: place.startIndex)..<end])
            let rest = place[place.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw Self.refuse("after ']' comes '\(rest)'") }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            let parts = place.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw Self.refuse("an IPv6 address stands in brackets: [::1]") }
            host = String(parts[0])
            port = parts.count == 2 ? parts[1] : nil
        }
        guard !host.isEmpty else { throw Self.refuse("it names no host") }
        guard let port else { return }
        guard let number = Int(port), (1...65_535).contains(number) else {
            throw Self.refuse("the port is '\(port)'; it must be a number from 1 to 65535")
        }
        self.port = number
    }

    private mutating func readDatabase(_ text: Substring) throws {
        guard let number = Int(text), number >= 0 else {
            throw Self.refuse("the database is '\(text)'; it must be a number, 0 or more")
        }
        login.database = number
    }

    static func refuse(_ what: String) -> ProcessingError {
        ProcessingError(
            code: .invalidArgument,
            message: "the URL of the Redis server cannot be used: \(what); "
                + "it must look like redis://user:password@host:6379/0, or rediss:// for TLS"
        )
    }
}

extension RedisAddress: CustomStringConvertible {
    /// The place, without who wants to be let in.
    var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(usesTLS ? "rediss" : "redis")://\(name):\(port)/\(login.database)"
    }
}

/// Who wants to be let in, and to which database.
struct RedisLogin: Sendable, Hashable {
    var username: String?
    var password: Secret?
    var database = 0

    fileprivate mutating func read(_ credentials: Substring) throws {
        let parts = credentials.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let decoded = parts.map { $0.removingPercentEncoding }
        guard !decoded.contains(nil) else {
            throw RedisAddress.refuse("its user or password holds a '%' that is not followed by two digits (write %25)")
        }
        username = decoded[0].flatMap { $0.isEmpty ? nil : $0 }
        password = decoded.count == 2 ? decoded[1].flatMap { $0.isEmpty ? nil : Secret($0) } : nil
        guard username == nil || password != nil else {
            throw RedisAddress.refuse("it has a user without a password; a password alone is written :password@host")
        }
    }
}

/// A text that no log, error or dump shows.
struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    var description: String { "(hidden)" }
    var debugDescription: String { "(hidden)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension Substring {
    /// The text with `%41` and the like replaced; `nil` when something else follows a `%`.
    fileprivate var removingPercentEncoding: String? {
        var bytes: [UInt8] = []
        var rest = utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16), digits.first != "+" else { return nil }
            rest = rest.dropFirst(2)
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
