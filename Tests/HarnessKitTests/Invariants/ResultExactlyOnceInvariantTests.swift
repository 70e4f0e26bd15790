import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ResultExactlyOnceInvariantTests {
    /// Operation 0 completes and is answered at 3 ms; operation 1 fails and is answered without a result.
    private static func check(isCutOff: Bool = false, _ write: (inout HistoryScript) -> Void) -> Finding {
        let history = HistoryScript.make { script in
            script.run(0, submitted: 0, started: 1, completed: 2)
            script.submit(1, at: 0)
            script.start(1, at: 1)
            script.fail(1, at: 2)
            script.add(.deliveredNothing, 1, at: 3)
            write(&script)
        }
        return ResultExactlyOnceInvariant.check(.of(history, isCutOff: isCutOff), options: .init())
    }

    @Test func anAnswerThatTheEndOfTheRunCutOffIsNoFailure() {
        #expect(
            Self.check(isCutOff: true) { _ in }
                == .unknown("the run was cut off before 1 operation could be answered")
        )
        #expect(Self.check(isCutOff: true) { $0.add(.misdelivered, 0, at: 3) }.verdict == .fail)
    }

    @Test func anAnswerThatWasMissingLongBeforeTheEndOfTheRunFails() {
        let finding = Self.check(isCutOff: true) { $0.run(2, submitted: 3, started: 4, completed: 6000) }
        #expect(finding == .fail("operation #0 completed at 2.000 ms and its result reached nobody"))
    }

    @Test func oneAnswerForEachPasses() {
        #expect(Self.check { $0.add(.delivered, 0, at: 3) } == .pass("1 result and 1 answers without one"))
    }

    @Test func aResultThatReachesNobodyFails() {
        #expect(Self.check { _ in } == .fail("operation #0 completed at 2.000 ms and its result reached nobody"))
    }

    @Test func aResultThatIsDeliveredTwiceFails() {
        let finding = Self.check {
            $0.add(.delivered, 0, at: 3)
            $0.add(.delivered, 0, at: 4)
        }
        #expect(finding == .fail("operation #0 was answered 2 times, first at 3.000 ms"))
    }

    @Test func theResultOfAnotherOperationFails() {
        #expect(
            Self.check { $0.add(.misdelivered, 0, at: 3) }
                == .fail("operation #0 got the result of another operation at 3.000 ms")
        )
    }

    @Test func aCompletedOperationWithoutResultFails() {
        #expect(
            Self.check { $0.add(.deliveredNothing, 0, at: 3) }
                == .fail("operation #0 completed at 2.000 ms and was said to have no result")
        )
    }

    @Test func anAnswerBeforeTheEndFails() {
        #expect(
            Self.check { $0.add(.delivered, 0, at: 1.5) }
                == .fail("operation #0 was answered at 1.500 ms, before it completed at 2.000 ms")
        )
    }

    @Test func aResultOfAFailedOperationFails() {
        let finding = Self.check {
            $0.add(.delivered, 0, at: 3)
            $0.submit(2, at: 4)
            $0.start(2, at: 5)
            $0.fail(2, at: 6)
            $0.add(.delivered, 2, at: 7)
        }
        #expect(finding == .fail("operation #2 gave a result at 7.000 ms although it did not complete"))
    }

    @Test func aDroppedOperationOfWhichNobodyIsToldFails() {
        let finding = Self.check {
            $0.add(.delivered, 0, at: 3)
            $0.submit(2, at: 4)
            $0.add(.discarded, 2, at: 5)
        }
        #expect(finding == .fail("operation #2 ended at 5.000 ms and nobody was told"))
    }

    @Test func anOperationThatHasNotEndedIsUnknown() {
        let finding = Self.check {
            $0.add(.delivered, 0, at: 3)
            $0.submit(2, at: 4)
        }
        #expect(finding.verdict == .unknown)
    }

    @Test func withoutAnswersTheAnswerIsUnknown() {
        let history = HistoryScript.make { $0.run(0, submitted: 0, started: 1, completed: 2) }
        #expect(ResultExactlyOnceInvariant.check(.of(history), options: .init()).verdict == .unknown)
        #expect(ResultExactlyOnceInvariant.check(.of(nil), options: .init()).verdict == .unknown)
    }
}
