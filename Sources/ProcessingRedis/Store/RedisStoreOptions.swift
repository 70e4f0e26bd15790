public import EphemeralTime
public import Logging
internal import Processing

/// How a store on a Redis server is used.
public struct RedisStoreOptions: Sendable {
    /// What all keys of queues begin with.
    ///
    /// Stores with different prefixes know nothing of each other.
    public var queuePrefix = "queue:"
    /// What all keys of critical operations begin with.
    public var emergencyPrefix = "emergency:"
    /// The hash tag of the keys of critical operations, which keeps them together on one node.
    public var emergencyTag = "critical"
    /// The largest payload that is taken, in bytes; at most 64 MiB.
    public var maxPayloadBytes = 1 << 20
    /// How long an answer of the server may take, and how long a call waits for the end of an outage.
    public var commandTimeout = Duration.seconds(5)
    /// How long connecting may take.
    public var connectTimeout = Duration.seconds(5)
    /// How many calls may wait for the server at once; further ones are refused.
    public var maxQueuedCommands = 10_000
    /// How many bytes may wait to be sent at once; further calls are refused.
    public var maxQueuedBytes = 64 << 20
    /// The certificates to trust under TLS, as the path of a file of PEM texts; those of the system by default.
    public var trustRoots: String?
    /// The name of the connections, as the server lists them.
    public var clientName = "ephemeral"
    /// The clock of deadlines and pauses of this process.
    ///
    /// Leases, delays and expiry go by the server's.
    public var time: any TimeSource = .system
    /// Where changes of the connection are logged, at the level debug.
    public var logger = Logger(label: "ephemeral.processing.redis") { _ in SwiftLogNoOpLogHandler() }

    /// How long a worker without a lease may be idle before its name is removed from the server; by default a minute, and
    /// ten leases at least.
    var workerMemory: Duration?

    /// Creates the default options.
    public init() {}

    /// The largest command that is sent: a payload of the largest size fits in any case.
    static let maxCommandBytes = 64 << 20

    func validate() throws {
        func require(_ condition: Bool, _ option: String, _ value: some Any, _ rule: String) throws {
            guard !condition else { return }
            throw ProcessingError(code: .invalidArgument, message: "\(option) is \(value); \(rule)")
        }
        let largest = Self.maxCommandBytes - (1 << 16)
        try require(
            (1...largest).contains(maxPayloadBytes),
            "maxPayloadBytes",
            maxPayloadBytes,
            "it must be from 1 to \(largest)"
        )
        try require(commandTimeout > .zero, "commandTimeout", commandTimeout, "it must be more than zero")
        try require(connectTimeout > .zero, "connectTimeout", connectTimeout, "it must be more than zero")
        try require(maxQueuedCommands > 0, "maxQueuedCommands", maxQueuedCommands, "it must be 1 or more")
        try require(maxQueuedBytes > 0, "maxQueuedBytes", maxQueuedBytes, "it must be 1 or more")
        try require(
            !queuePrefix.isEmpty,
            "queuePrefix",
            "empty",
            "give one that nothing else on the server begins with"
        )
        try require(
            !emergencyPrefix.isEmpty && emergencyPrefix != queuePrefix,
            "emergencyPrefix",
            "'\(emergencyPrefix)'",
            "give one that nothing else on the server begins with"
        )
        try require(!emergencyTag.isEmpty, "emergencyTag", "empty", "give a name")
        try require(
            clientName.utf8.allSatisfy { (0x21...0x7E).contains($0) },
            "clientName",
            "'\(clientName)'",
            "it must consist of printable characters of ASCII without spaces"
        )
    }
}
