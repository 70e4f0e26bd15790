import EphemeralTime
import Processing
import ProcessingRedis
import ProcessingTesting
import Testing

/// The store on a real server keeps the rules of stores.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct RedisStoreConformanceTests {
    @Test(arguments: StoreConformance.allChecks)
    func theStoreOnRedisKeepsTheRules(_ check: StoreCheck) async throws {
        _ = try SharedServer.url()
        let conformance = StoreConformance {
            // The time of the store is the server's, which nobody can move.
            StoreConformance.Subject(try await SharedServer.store(), unit: .milliseconds(25)) { duration in
                try await SystemTimeSource().sleep(for: duration)
            }
        }
        try await conformance.run(check)
    }
}
