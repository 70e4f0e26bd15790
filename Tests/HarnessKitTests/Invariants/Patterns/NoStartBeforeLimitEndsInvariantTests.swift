import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct NoStartBeforeLimitEndsInvariantTests {
    /// Limited from 10 ms on while operation 0 waits; its start is what differs.
    private func check(
        start: Double,
        clock: RunClock = .virtual,
        options: NoStartBeforeLimitEndsInvariant.Options = .init(),
        _ signals: (inout HistoryScript) -> Void = { $0.signal("rate-limit:100ms", at: 10) }
    ) -> Finding {
        let history = HistoryScript.make {
            $0.submit(0, at: 5)
            signals(&$0)
            $0.start(0, at: start)
            $0.complete(0, at: start + 1)
        }
        return NoStartBeforeLimitEndsInvariant.check(.of(history, clock: clock), options: options)
    }

    @Test(arguments: [10.0, 110]) func startsOutsideOfTheLimitPass(start: Double) {
        #expect(check(start: start) == .pass("no start during 1 limit, 1 with operations waiting"))
    }

    @Test func aStartInsideFails() {
        #expect(
            check(start: 50)
                == .fail(
                    "operation #0 started at 50.000 ms, although 'rate-limit:100ms', raised at 10.000 ms, lets nothing start "
                        + "until 110.000 ms"
                )
        )
    }

    @Test(arguments: [(11.0, .pass), (14, .fail), (106, .fail), (109, .pass)] as [(Double, InvariantVerdict)])
    func onTheMachinesClockTheSlackIsAllowedAtBothEnds(start: Double, verdict: InvariantVerdict) {
        let options = NoStartBeforeLimitEndsInvariant.Options(slack: DurationText(.milliseconds(2)))
        #expect(check(start: start, clock: .real, options: options).verdict == verdict)
    }

    @Test(arguments: [(150.0, .fail), (210.0, .pass)] as [(Double, InvariantVerdict)])
    func ofSeveralLimitsTheLastHolds(start: Double, verdict: InvariantVerdict) {
        let finding = check(start: start) {
            $0.signal("rate-limit:200ms", at: 10)
            $0.signal("rate-limit:50ms", at: 20)
        }
        #expect(finding.verdict == verdict)
    }

    @Test func takingASignalBackEndsItsLimit() {
        let finding = check(start: 60) {
            $0.signal("rate-limit:1s", at: 10)
            $0.signal("rate-limit:1s", .signalRetracted, at: 50)
        }
        #expect(finding.verdict == .pass)
    }

    @Test func signalsWithoutATimeSayNothing() {
        let finding = check(start: 60) { $0.signal("rate-limit:soon", at: 10) }
        #expect(finding == .unknown("no signal 'rate-limit:*' with a time was raised"))
    }

    @Test func aLimitThatNobodyWaitedForIsUnknown() {
        let history = HistoryScript.make { $0.signal("rate-limit:1s", at: 10) }
        let finding = NoStartBeforeLimitEndsInvariant.check(.of(history), options: .init())
        #expect(finding == .unknown("nothing waited while there was a limit"))
    }
}
