public import EphemeralTime

/// How a ``SQLiteProcessingStore`` behaves.
public struct SQLiteStoreOptions: Sendable {
    /// What a success promises about power cuts.
    public var durability = SQLiteDurability.full
    /// The largest payload that is taken, in bytes.
    public var maxPayloadBytes = 1 << 20
    /// The largest size of the file; `nil` is as far as the disk goes.
    ///
    /// Jobs and backups are refused from this size on; ends of attempts and moves to the dead letters get on a little longer.
    public var maxFileBytes: Int?
    /// Whether the file is checked for damage when it is opened; takes time with its size.
    public var checksIntegrity = true
    /// How long to wait for another process that writes to the file.
    public var busyTimeout: Duration = .seconds(5)
    /// How often to look for jobs that other processes have stored; `nil` when this process is the only one.
    public var pollInterval: Duration? = .milliseconds(50)
    /// The clock of leases, delays and expiry; the civil time of the machine by default, which all processes share.
    public var time: any TimeSource = .system

    /// Creates options.
    public init() {}
}
