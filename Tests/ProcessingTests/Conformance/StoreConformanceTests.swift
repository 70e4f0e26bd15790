import EphemeralTesting
import Processing
import ProcessingTesting
import Testing

/// The suite itself: it finds what is wrong, and says so; and the store in memory keeps its rules.
@Suite(.timeLimit(.minutes(2)))
struct StoreConformanceTests {
    private static func conformance(_ flaw: StoreFlaw) -> StoreConformance {
        var conformance = StoreConformance {
            let time = ManualTimeSource()
            return StoreConformance.Subject(FlawedStore(flaw, time: time), time: time)
        }
        // Calls of a flawed store that never come back are not waited for.
        conformance.patience = .milliseconds(100)
        return conformance
    }

    private static let checks = Dictionary(uniqueKeysWithValues: StoreConformance.allChecks.map { ($0.id, $0) })

    @Test(arguments: StoreConformance.allChecks)
    func theStoreInMemoryKeepsTheRules(_ check: StoreCheck) async throws {
        let conformance = StoreConformance {
            let time = ManualTimeSource()
            return StoreConformance.Subject(MemoryProcessingStore(time: time), time: time)
        }
        try await conformance.run(check)
    }

    @Test(arguments: StoreFlaw.allCases)
    func everyFlawIsFound(_ flaw: StoreFlaw) async throws {
        for id in flaw.checks {
            let check = try #require(Self.checks[id], "there is no check of that name")
            let failure = try #require(try await Self.failure(of: check, flaw), "\(id) finds nothing wrong")
            #expect(failure.check == id)
            #expect(failure.rule == check.rule)
        }
    }

    /// What a check finds; callers that race for a job meet in some runs only.
    private static func failure(of check: StoreCheck, _ flaw: StoreFlaw) async throws -> ConformanceFailure? {
        for _ in 0..<100 {
            do {
                try await conformance(flaw).run(check)
            } catch let failure as ConformanceFailure {
                return failure
            }
        }
        return nil
    }

    @Test func everyCheckFindsAFlaw() {
        let finding = Set(StoreFlaw.allCases.flatMap(\.checks))
        #expect(Set(Self.checks.keys).subtracting(finding) == [])
    }
}
