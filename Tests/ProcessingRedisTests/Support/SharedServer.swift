import Foundation
import Processing
import ProcessingRedis
import Testing

/// The server that `scripts/test` starts for all tests of a run.
enum SharedServer {
    /// Its URL.
    ///
    /// Without a server the test is shown as not run; where a server must be, it fails.
    static func url() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        if let url = environment["EPHEMERAL_REDIS_URL"] { return url }
        try #require(environment["CI"] != "true", "EPHEMERAL_REDIS_URL is not set; scripts/test sets it")
        try Test.cancel("there is no server: EPHEMERAL_REDIS_URL is not set; scripts/test starts one")
    }

    /// An empty store, under prefixes of its own.
    static func store(configure: (inout RedisStoreOptions) -> Void = { _ in }) async throws -> RedisProcessingStore {
        try await RedisProcessingStore.open(url(), options: freshOptions(configure: configure))
    }

    /// Options with prefixes that no other test uses.
    static func freshOptions(configure: (inout RedisStoreOptions) -> Void = { _ in }) -> RedisStoreOptions {
        var options = RedisStoreOptions()
        let name = JobID.next()
        options.queuePrefix = "test:\(name):queue:"
        options.emergencyPrefix = "test:\(name):emergency:"
        configure(&options)
        return options
    }
}
