import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct DepthBoundInvariantTests {
    /// One slot, busy from 1 to 9 ms; operations 1 to 3 wait from 2, 3 and 4 ms on.
    private static let history = HistoryScript.make {
        $0.run(0, submitted: 0, started: 1, completed: 9)
        for operation in 1...3 as ClosedRange<Int32> {
            let time = Double(operation)
            $0.run(operation, submitted: time + 1, started: time * 10, completed: time * 10 + 1)
        }
    }

    private static let oneSlot: JSONValue.Object = ["maxConcurrency": .integer(1)]

    @Test func aBoundThatIsKeptPasses() {
        let finding = DepthBoundInvariant.check(.of(Self.history, options: Self.oneSlot), options: .init(max: 3))
        #expect(finding == .pass("at most 3 of 3 waited"))
    }

    @Test func aBoundThatIsBrokenNamesTimeAndOperation() {
        let finding = DepthBoundInvariant.check(.of(Self.history, options: Self.oneSlot), options: .init(max: 2))
        #expect(finding.verdict == .fail)
        #expect(finding.text.hasPrefix("3 accepted operations waited at 4.000 ms, the last of them #3"))
    }

    @Test func anOperationOnItsWayToAFreeSlotIsNoOverflow() {
        let history = HistoryScript.make {
            $0.submit(0, at: 0)
            $0.submit(1, at: 1)
            $0.start(0, at: 2)
            $0.complete(0, at: 3)
            $0.start(1, at: 4)
            $0.complete(1, at: 5)
        }
        #expect(DepthBoundInvariant.check(.of(history, options: Self.oneSlot), options: .init(max: 1)).verdict == .pass)
    }

    @Test func theTargetsQueueCapacityIsTheDefaultBound() {
        let options: JSONValue.Object = ["maxConcurrency": .integer(1), "queueCapacity": .integer(2)]
        #expect(DepthBoundInvariant.check(.of(Self.history, options: options), options: .init()).verdict == .fail)
    }

    @Test func withoutWaitingTheAnswerIsUnknown() {
        let history = HistoryScript.make {
            $0.add(.submitted, 0, at: 0)
            $0.start(0, at: 0)
            $0.add(.accepted, 0, at: 0.1)
            $0.complete(0, at: 1)
        }
        #expect(DepthBoundInvariant.check(.of(history), options: .init(max: 3)).verdict == .unknown)
    }

    @Test func withoutABoundTheAnswerIsUnknown() {
        #expect(DepthBoundInvariant.check(.of(Self.history), options: .init()).verdict == .unknown)
    }
}
