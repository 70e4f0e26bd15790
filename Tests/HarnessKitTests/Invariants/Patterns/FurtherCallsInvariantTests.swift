import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct FurtherCallsInvariantTests {
    private func check(
        calls: [Int32],
        lanes: [String] = ["error", "event"],
        isCutOff: Bool = false
    ) -> Finding {
        let history = HistoryScript.make {
            for (operation, lane) in lanes.enumerated() {
                $0.lane(lane, Int32(operation))
                $0.submit(Int32(operation), at: 1)
                $0.start(Int32(operation), at: 2)
            }
            $0.fail(0, at: 3)
            $0.complete(1, at: 3)
            for operation in calls { $0.add(.delivered, operation, at: 4) }
        }
        return FurtherCallsInvariant.check(.of(history, isCutOff: isCutOff), options: .init())
    }

    @Test func aCallThatTheEndOfTheRunCutOffIsNoFailure() {
        #expect(check(calls: [], isCutOff: true).verdict == .unknown)
        #expect(check(calls: [0], lanes: ["error", "error"], isCutOff: true).verdict == .unknown)
        #expect(check(calls: [0, 0], isCutOff: true).verdict == .fail)
    }

    @Test func oneFurtherCallWhereThereIsToBeOnePasses() {
        #expect(check(calls: [0]) == .pass("1 further call, 1 after a first one that failed"))
    }

    @Test(arguments: [[], [0, 0]] as [[Int32]]) func anotherNumberFails(calls: [Int32]) {
        #expect(
            check(calls: calls)
                == .fail("operation #0 led to \(calls.count) further calls instead of 1")
        )
    }

    @Test func aCallWhereThereIsToBeNoneFails() {
        #expect(check(calls: [0, 1]) == .fail("operation #1 led to 1 further call instead of 0"))
    }

    @Test func withoutSuchLanesItIsUnknown() {
        #expect(check(calls: [], lanes: ["event", "event"]).verdict == .unknown)
    }
}
