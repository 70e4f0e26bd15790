import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct NoTaskLeakInvariantTests {
    private func check(_ leftovers: RunLeftovers?, started: Int = 3) -> Finding {
        var tally = Tally()
        tally.started = started
        var evidence = Evidence.of(nil, tally: tally)
        evidence.leftovers = leftovers
        return NoTaskLeakInvariant.check(evidence, options: .init())
    }

    @Test func nothingLeftPasses() {
        #expect(check(RunLeftovers(bodies: 0)) == .pass("no body was left"))
        #expect(check(RunLeftovers(bodies: 0, sleepers: 0)) == .pass("no body and no sleeping task was left"))
    }

    @Test func aBodyThatStillRunsFails() {
        #expect(check(RunLeftovers(bodies: 1)) == .fail("1 body still ran after the target's shutdown"))
    }

    @Test func aTaskThatStillSleepsFails() {
        #expect(
            check(RunLeftovers(bodies: 0, sleepers: 2))
                == .fail("2 tasks still slept after the target's shutdown, and nothing else was left to do")
        )
    }

    @Test func aRunThatNobodyLookedAtOrThatDidNothingIsUnknown() {
        #expect(check(nil).verdict == .unknown)
        #expect(check(RunLeftovers(bodies: 0), started: 0).verdict == .unknown)
    }
}
