public import EphemeralTime

/// Where a critical operation stands that is not done.
public enum EmergencyStatus: String, Sendable, Hashable, Codable, CaseIterable {
    /// Its first run is under way, or was cut off without a trace.
    case pending
    /// Its last run has failed.
    case failed
    /// Somebody is trying it again.
    case retrying
}

/// The backup of a critical operation.
public struct Emergency: Sendable, Hashable {
    /// The identity, the same in every run.
    public var id: EmergencyID
    /// The name of its processor; without one it cannot be tried again by name.
    public var operation: String?
    /// What the processor gets, encoded.
    public var payload: [UInt8]
    /// Words to find it by.
    public var tags: [String]
    /// Where it stands.
    public var status: EmergencyStatus
    /// How many runs have failed.
    public var attempts: Int
    /// The error of the last run that failed.
    public var error: String?
    /// When its first run began, by the store's clock.
    public var createdAt: WallTime
    /// When the backup is given up, by the store's clock; `nil` is never.
    public var expiresAt: WallTime?

    /// Creates a backup; stores do.
    public init(_ request: EmergencyRequest, createdAt: WallTime) {
        id = request.id
        operation = request.operation
        payload = request.payload
        tags = request.tags
        status = request.failure == nil ? .pending : .failed
        attempts = request.failure == nil ? 0 : 1
        error = request.failure
        self.createdAt = createdAt
        expiresAt = WallTime(sinceUnixEpoch: createdAt.sinceUnixEpoch + request.ttl)
    }
}

/// A backup that is to be written.
public struct EmergencyRequest: Sendable, Hashable {
    /// The identity.
    public var id: EmergencyID
    /// The name of its processor; without one it cannot be tried again by name.
    public var operation: String?
    /// What the processor gets, encoded.
    public var payload: [UInt8]
    /// Words to find it by.
    public var tags: [String]
    /// How long the backup is kept.
    public var ttl: Duration
    /// How long nobody else may try the operation, unless renewed: it is under way.
    public var lease: Duration
    /// The error of a run that is over; `nil` when the run is about to begin.
    public var failure: String?
    /// The token of the run, made here so that its end can be told to a store whose answer was lost.
    public var token = LeaseToken.next()

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - id: The identity.
    ///   - operation: The name of its processor.
    ///   - payload: What the processor gets, encoded.
    ///   - tags: Words to find it by.
    ///   - ttl: How long the backup is kept.
    ///   - lease: How long nobody else may try the operation, unless renewed.
    ///   - failure: The error of a run that is over; `nil` when the run is about to begin.
    public init(
        id: EmergencyID = .next(),
        operation: String?,
        payload: [UInt8],
        tags: [String] = [],
        ttl: Duration = .seconds(7 * 86_400),
        lease: Duration = .seconds(30),
        failure: String? = nil
    ) {
        self.id = id
        self.operation = operation
        self.payload = payload
        self.tags = tags
        self.ttl = ttl
        self.lease = lease
        self.failure = failure
    }

    /// Refuses what no store may take; every store calls this before it writes a backup.
    ///
    /// - Parameter maxPayloadBytes: The size that the store allows.
    /// - Throws: ``ProcessingError`` with code `invalidArgument` or `payloadTooLarge`.
    public func validate(maxPayloadBytes: Int) throws {
        func refuse(_ message: String) -> ProcessingError {
            ProcessingError(code: .invalidArgument, message: "critical operation '\(id)': \(message)")
        }
        guard !id.rawValue.isEmpty else { throw refuse("the identity is empty; leave it out to get a fresh one") }
        for name in [id.rawValue, operation ?? ""] where name.utf8.contains(0) {
            throw refuse("its identity or the name of its processor contains a zero byte; leave it out")
        }
        guard ttl > .zero else { throw refuse("the backup would be kept for \(ttl); it must be more than zero") }
        guard lease > .zero else { throw refuse("the lease is \(lease); it must be more than zero") }
        try ProcessingError.checkSize(payload.count, limit: maxPayloadBytes, of: "critical operation '\(id)'")
    }
}

/// A backup together with the right to try its operation again.
public struct ClaimedEmergency: Sendable, Hashable {
    /// The backup.
    public var emergency: Emergency
    /// What fences off everybody who tried before.
    public var token: LeaseToken

    /// Creates a claimed backup; stores do.
    public init(emergency: Emergency, token: LeaseToken) {
        self.emergency = emergency
        self.token = token
    }
}

/// One consistent reading of the backups of critical operations.
public struct EmergencyCounts: Sendable, Hashable {
    /// Backups by status.
    public var byStatus: [EmergencyStatus: Int] = [:]
    /// Backups that were given up because they had become too old, so far.
    public var expiredUnresolved = 0

    /// Creates the reading of a store without backups; stores fill it.
    public init() {}

    /// All backups.
    public var total: Int { byStatus.values.reduce(0, +) }
}
