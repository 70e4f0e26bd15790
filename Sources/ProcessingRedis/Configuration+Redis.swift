public import Processing

/// Connects to a Redis server, makes a manager with a store there, and lets the free functions of `Processing` use it.
///
/// Calling it again replaces the manager; calls under way go on with the former one, whose store is not shut down.
///
/// - Parameters:
///   - redisURL: The server; see ``RedisProcessingStore/open(_:options:)``.
///   - storeOptions: How the store behaves.
///   - processors: The processors by name.
///   - journal: A store on this machine for backups that the server does not take.
///   - options: How the manager behaves.
/// - Returns: The manager.
/// - Throws: `ProcessingError` as ``RedisProcessingStore/open(_:options:)`` throws it, fast; with code `invalidArgument` when
///   an option is outside its range.
@discardableResult
public func configure(
    redisURL: String,
    storeOptions: RedisStoreOptions = RedisStoreOptions(),
    processors: ProcessorRegistry = ProcessorRegistry(),
    journal: (any EmergencyStore)? = nil,
    options: ProcessingOptions = ProcessingOptions()
) async throws -> ProcessingManager {
    let store = try await RedisProcessingStore.open(redisURL, options: storeOptions)
    do {
        return try configure(store: store, processors: processors, journal: journal, options: options)
    } catch {
        await store.shutdown()
        throw error
    }
}
