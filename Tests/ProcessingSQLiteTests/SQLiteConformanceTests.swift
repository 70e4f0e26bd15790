import EphemeralTesting
import Processing
import ProcessingSQLite
import ProcessingTesting
import Testing

/// The store in a file keeps the rules of all stores.
@Suite(.timeLimit(.minutes(2)))
struct SQLiteConformanceTests {
    @Test(arguments: StoreConformance.allChecks)
    func theStoreKeepsTheRules(_ check: StoreCheck) async throws {
        let folder = try Folder()
        let conformance = StoreConformance {
            let time = ManualTimeSource()
            return StoreConformance.Subject(try folder.store(time: time), time: time)
        }
        try await conformance.run(check)
    }
}
