/// The first words on a connection: which protocol, who, which database, and whether the server is ready to work.
///
/// `HELLO 3` says most of it at once; servers that do not know it are told one by one.
struct RedisHandshake {
    /// What comes next.
    enum Step {
        case send(RedisCommand)
        case ready(RedisServer)
        /// Trying again will not help until somebody changes something.
        case denied(String)
        /// Trying again later may help.
        case unavailable(String)
    }

    private enum Phase {
        case hello
        case authenticating
        case naming
        case asking
        case selecting
        case checking
    }

    private let login: RedisLogin
    private let name: String
    private var phase = Phase.hello
    private var server = RedisServer()

    init(login: RedisLogin, name: String) {
        self.login = login
        self.name = name
    }

    /// The first command.
    var opening: RedisCommand {
        var arguments: [RedisCommand.Argument] = ["HELLO", "3"]
        if let password = login.password {
            arguments += ["AUTH", .text(login.username ?? "default"), .text(password.text)]
        }
        return RedisCommand(arguments + ["SETNAME", .text(name)])
    }

    /// Takes the answer to the last command.
    mutating func receive(_ reply: RESPValue) -> Step {
        if case .error(let error) = reply { return receive(error) }
        switch phase {
        case .hello:
            server.version = reply.value(of: "version")?.string.flatMap(RedisVersion.init)
            server.role = reply.value(of: "role")?.string
            return select()
        case .authenticating:
            phase = .naming
            return .send(RedisCommand("CLIENT", "SETNAME", .text(name)))
        case .naming:
            phase = .asking
            return .send(RedisCommand("INFO", "server"))
        case .asking:
            let line = reply.string?.split(whereSeparator: \.isNewline).first { $0.hasPrefix("redis_version:") }
            server.version = line.flatMap { RedisVersion(String($0.dropFirst("redis_version:".count))) }
            return select()
        case .selecting:
            return check()
        case .checking:
            return .ready(server)
        }
    }

    private mutating func receive(_ error: RedisServerError) -> Step {
        switch phase {
        case .hello where error.kind == "NOPROTO" || error.message.lowercased().contains("unknown command"):
            return fallBack()
        // Names and figures are for people: a server that keeps them to itself is used all the same.
        case .naming, .asking:
            return receive(.null)
        default:
            return Self.isTemporary(error)
                ? .unavailable("the server is not ready: \(error)")
                : .denied("the server refused the connection: \(error)")
        }
    }

    private mutating func fallBack() -> Step {
        phase = .authenticating
        guard let password = login.password else { return receive(.null) }
        let user: [RedisCommand.Argument] = login.username.map { [.text($0)] } ?? []
        return .send(RedisCommand(["AUTH"] + user + [.text(password.text)]))
    }

    private mutating func select() -> Step {
        guard login.database != 0 else { return check() }
        phase = .selecting
        return .send(RedisCommand("SELECT", .number(login.database)))
    }

    /// A server that still reads its data from disk answers everything before, but not this.
    private mutating func check() -> Step {
        phase = .checking
        return .send(RedisCommand("PING"))
    }

    private static func isTemporary(_ error: RedisServerError) -> Bool {
        ["LOADING", "MASTERDOWN", "BUSY", "TRYAGAIN", "CLUSTERDOWN"].contains { error.isKind($0) }
            || error.message.contains("max number of clients")
    }
}

/// What is known about a server.
struct RedisServer: Sendable, Hashable {
    var version: RedisVersion?
    var role: String?

    var versionText: String { version.map { "\($0)" } ?? "unknown" }

    /// Whether scripts may say in their first line what they are allowed to do.
    var knowsScriptFlags: Bool { version.map { $0 >= RedisVersion(7, 0) } ?? false }
}

/// A version of a server.
struct RedisVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    let major: Int
    let minor: Int

    init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".").map { Int($0) }
        guard parts.count >= 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major, minor)
    }

    var description: String { "\(major).\(minor)" }

    static func < (left: RedisVersion, right: RedisVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
