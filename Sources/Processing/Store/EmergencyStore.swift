/// Where backups of critical operations are kept until the operations are done.
///
/// At most one run of an operation is under way at a time, as far as leases can tell: each run has a token, and whoever
/// has an old one can change nothing. A backup that nobody resolves is given up after its time, except during a run.
///
/// A store that conforms passes `StoreConformance` of the module `ProcessingTesting`.
public protocol EmergencyStore: Sendable {
    /// Writes a backup before the first run begins, or after it has failed.
    ///
    /// - Parameter request: The backup; see ``EmergencyRequest/validate(maxPayloadBytes:)``.
    /// - Returns: The token of the request; of no use when that has a failure.
    /// - Throws: ``ProcessingError``; with code `alreadyExists` or `alreadyResolved` when the identity is known. With code
    ///   `outcomeUnknown` the backup may be written or not; with any other code it is not.
    func beginEmergency(_ request: EmergencyRequest) async throws -> LeaseToken

    /// Notes that a run has failed.
    ///
    /// - Parameters:
    ///   - id: The operation.
    ///   - token: The token of the run.
    ///   - error: Why.
    /// - Returns: Whether the run was the present one; `false` has changed nothing.
    /// - Throws: ``ProcessingError``.
    func failEmergency(_ id: EmergencyID, token: LeaseToken, error: String) async throws -> Bool

    /// Notes that an operation is done: its backup is removed.
    ///
    /// - Parameters:
    ///   - id: The operation.
    ///   - token: The token of the run.
    ///   - memory: How long claims are answered with `alreadyResolved`; zero forgets the operation at once.
    /// - Returns: Whether the run was the present one; `false` has changed nothing.
    /// - Throws: ``ProcessingError``.
    func resolveEmergency(_ id: EmergencyID, token: LeaseToken, remembering memory: Duration) async throws -> Bool

    /// Begins a further run of an operation, which nobody else may begin until its lease has run out.
    ///
    /// - Parameters:
    ///   - id: The operation.
    ///   - lease: How long the run may take without being renewed.
    /// - Returns: The backup as it is now, and the token of the run.
    /// - Throws: ``ProcessingError`` with code `notFound`, `alreadyRetrying` while a run is under way, or
    ///   `alreadyResolved`.
    func claimEmergency(_ id: EmergencyID, lease: Duration) async throws -> ClaimedEmergency

    /// Extends the lease of a run.
    ///
    /// - Parameters:
    ///   - id: The operation.
    ///   - token: The token of the run.
    ///   - lease: How long it may take from now on.
    /// - Returns: Whether the run was the present one.
    /// - Throws: ``ProcessingError``.
    func renewEmergency(_ id: EmergencyID, token: LeaseToken, lease: Duration) async throws -> Bool

    /// Changes how long a backup is kept.
    ///
    /// - Parameters:
    ///   - id: The operation.
    ///   - ttl: How long from now on; `nil` is for ever.
    /// - Returns: Whether there is such a backup.
    /// - Throws: ``ProcessingError``.
    func extendEmergency(_ id: EmergencyID, ttl: Duration?) async throws -> Bool

    /// Backups, oldest first.
    ///
    /// - Parameters:
    ///   - expiry: Only those that will be given up within this time; `nil` is all.
    ///   - limit: How many at most.
    /// - Returns: The backups.
    /// - Throws: ``ProcessingError``.
    func emergencies(expiringWithin expiry: Duration?, limit: Int) async throws -> [Emergency]

    /// One consistent reading of all backups.
    ///
    /// - Returns: The reading.
    /// - Throws: ``ProcessingError``.
    func emergencyCounts() async throws -> EmergencyCounts

    /// How the store is. Never throws: a store that cannot be reached says so.
    func health() async -> StoreHealth

    /// Lets go of everything; later calls throw ``ProcessingError`` with code `closed`, and those that wait end so.
    ///
    /// Calling it again does nothing.
    func shutdown() async
}

/// Where jobs and backups of critical operations are kept.
public protocol ProcessingStore: JobStore, EmergencyStore {}
