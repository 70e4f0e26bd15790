import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct AttemptInvariantTests {
    /// Operation 0 fails twice and completes at the third attempt; operation 1 completes at once.
    private static let history = HistoryScript.make {
        $0.submit(0, at: 0)
        for attempt in 1...3 as ClosedRange<UInt8> {
            $0.start(0, at: Double(attempt) * 10, attempt: attempt)
            if attempt < 3 {
                $0.fail(0, at: Double(attempt) * 10 + 1, attempt: attempt)
            } else {
                $0.complete(0, at: 31, attempt: attempt)
            }
        }
        $0.run(1, submitted: 0, started: 1, completed: 2)
    }

    @Test func attemptsWithinTheBoundPass() {
        let finding = AttemptsAtMostInvariant.check(.of(Self.history), options: .init(max: 3))
        #expect(finding == .pass("at most 3 of 3; 1 operation attempted again"))
    }

    @Test func attemptsBeyondTheBoundFail() {
        let finding = AttemptsAtMostInvariant.check(
            .of(Self.history, options: ["maxAttempts": .integer(2)]),
            options: .init()
        )
        #expect(finding == .fail("operation #0 was attempted 3 times; the bound is 2"))
    }

    @Test func withoutFailuresTheAnswerIsUnknown() {
        let history = HistoryScript.make { $0.run(1, submitted: 0, started: 1, completed: 2) }
        #expect(AttemptsAtMostInvariant.check(.of(history), options: .init(max: 3)).verdict == .unknown)
        #expect(AttemptsAtMostInvariant.check(.of(history), options: .init()).verdict == .unknown)
        #expect(AttemptsAtMostInvariant.check(.of(nil), options: .init(max: 3)).verdict == .unknown)
    }

    @Test func anErrorThatIsRetriedFails() {
        let finding = NeverRetriedInvariant.check(.of(Self.history), options: .init(errors: ["transient"]))
        #expect(
            finding
                == .fail("operation #0 failed with 'transient' at 11.000 ms and was attempted again at 20.000 ms")
        )
    }

    @Test func anErrorThatEndsTheOperationPasses() {
        let history = HistoryScript.make {
            $0.submit(0, at: 0)
            $0.start(0, at: 1)
            $0.fail(0, at: 2, error: "permanent")
            $0.submit(1, at: 0)
            $0.start(1, at: 3)
            $0.fail(1, at: 4, error: "transient")
            $0.start(1, at: 5, attempt: 2)
            $0.complete(1, at: 6, attempt: 2)
        }
        let finding = NeverRetriedInvariant.check(.of(history), options: .init(errors: ["permanent"]))
        #expect(finding == .pass("none of 1 operation that failed so was attempted again"))
    }

    @Test func anErrorThatNeverOccursIsUnknown() {
        let finding = NeverRetriedInvariant.check(.of(Self.history), options: .init(errors: ["permanent", "fatal"]))
        #expect(finding == .unknown("no attempt failed with 'permanent' or 'fatal'"))
    }

    @Test func neverRetriedNeedsAnError() {
        #expect(throws: PluginOptionError.self) { try NeverRetriedInvariant.validate(.init(errors: [])) }
    }
}
