import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ConcurrencyInvariantTests {
    @Test(arguments: [(nil, 2, .pass), (3, 1, .pass), (nil, 1, .fail)] as [(Int64?, Int, InvariantVerdict)])
    func eachPartOfATargetHasSlotsOfItsOwn(members: Int64?, parts: Int, verdict: InvariantVerdict) {
        let history = HistoryScript.make {
            for operation in 0..<2 as Range<Int32> { $0.run(operation, submitted: 0, started: 1, completed: 2) }
        }
        let named: JSONValue.Object = ["maxConcurrency": .integer(1), "members": .integer(members ?? 1)]
        var evidence = Evidence.of(history, options: members == nil ? ["maxConcurrency": .integer(1)] : named)
        evidence.capabilities.parts = parts
        #expect(ConcurrencyBoundInvariant.check(evidence, options: .init()).verdict == verdict)
    }

    /// Operations 0 and 1 of key 4 overlap between 2 and 3 ms; operation 2 of key 5 runs alone.
    private static let history = HistoryScript.make {
        $0.run(0, key: 4, submitted: 0, started: 1, completed: 3)
        $0.run(1, key: 4, submitted: 0, started: 2, completed: 4)
        $0.run(2, key: 5, submitted: 0, started: 4, completed: 5)
    }

    @Test func aBoundThatIsKeptPasses() {
        let finding = ConcurrencyBoundInvariant.check(.of(Self.history), options: .init(max: 2))
        #expect(finding == .pass("at most 2 of 2 at once, over 3 starts"))
    }

    @Test func aBoundThatIsBrokenNamesTimeAndOperations() {
        let finding = ConcurrencyBoundInvariant.check(.of(Self.history), options: .init(max: 1))
        #expect(finding == .fail("2 attempts ran at once at 2.000 ms (#0, #1); the bound is 1"))
    }

    @Test func theTargetsOptionIsTheDefaultBound() {
        let evidence = Evidence.of(Self.history, options: ["maxConcurrency": .integer(1)])
        #expect(ConcurrencyBoundInvariant.check(evidence, options: .init()).verdict == .fail)
    }

    @Test func aLimitThatTheTimelineRaisesRaisesTheDefaultBound() {
        var evidence = Evidence.of(Self.history, options: ["maxConcurrency": .integer(1)])
        evidence.highestLimit = 2
        #expect(ConcurrencyBoundInvariant.check(evidence, options: .init()).verdict == .pass)
    }

    @Test func withoutAnyBoundTheAnswerIsUnknown() {
        #expect(ConcurrencyBoundInvariant.check(.of(Self.history), options: .init()).verdict == .unknown)
    }

    @Test func withoutStartsTheAnswerIsUnknown() {
        #expect(ConcurrencyBoundInvariant.check(.of(History()), options: .init(max: 1)).verdict == .unknown)
    }

    @Test(arguments: [(0, .unknown), (8, .pass), (9, .fail)] as [(Int, InvariantVerdict)])
    func withoutAHistoryTheBodysCountAnswers(highest: Int, verdict: InvariantVerdict) {
        let evidence = Evidence.of(nil, highestConcurrency: highest)
        #expect(ConcurrencyBoundInvariant.check(evidence, options: .init(max: 8)).verdict == verdict)
    }

    @Test(arguments: [(1, .fail), (2, .pass)] as [(Int, InvariantVerdict)])
    func theBoundPerKeyCountsEachKeyAlone(max: Int, verdict: InvariantVerdict) {
        let finding = ConcurrencyBoundPerKeyInvariant.check(.of(Self.history), options: .init(max: max))
        #expect(finding.verdict == verdict)
        if verdict == .fail {
            #expect(finding.text == "2 attempts of key 4 ran at once at 2.000 ms (#0, #1); the bound is 1")
        }
    }

    @Test func keysThatAreNotSharedAreUnknown() {
        let history = HistoryScript.make {
            $0.run(0, key: 1, submitted: 0, started: 1, completed: 3)
            $0.run(1, key: 2, submitted: 0, started: 2, completed: 4)
        }
        #expect(ConcurrencyBoundPerKeyInvariant.check(.of(history), options: .init()).verdict == .unknown)
    }

    @Test func theBoundPerKeyNeedsAHistory() {
        #expect(ConcurrencyBoundPerKeyInvariant.check(.of(nil), options: .init()).verdict == .unknown)
    }

    @Test func aBoundBelowOneIsRefused() {
        #expect(throws: PluginOptionError.self) { try ConcurrencyBoundInvariant.validate(.init(max: 0)) }
        #expect(throws: PluginOptionError.self) { try ConcurrencyBoundPerKeyInvariant.validate(.init(max: -1)) }
    }
}
