import Testing

@testable import HarnessKit

/// A breaker that three failures within 100 ms open; there are some at 10, 20 and 30 ms, which keep it open until 110 ms.
@Suite(.timeLimit(.minutes(1)))
struct BreakerInvariantTests {
    static let options: JSONValue.Object = [
        "failureSignal": "failure", "threshold": .integer(3), "windowSize": "100ms",
    ]

    private func history(_ write: (inout HistoryScript) -> Void) -> History {
        HistoryScript.make {
            for time in [10.0, 20, 30] { $0.signal("failure", at: time) }
            write(&$0)
        }
    }

    private func starts(
        at time: Double,
        clock: RunClock = .virtual,
        options: BreakerOptions = .init()
    ) -> Finding {
        let history = history {
            $0.run(0, submitted: time, started: time, completed: time + 1)
            $0.refuse(1, at: 50)
        }
        let evidence = Evidence.of(history, options: Self.options, clock: clock)
        return NoStartWhileOpenInvariant.check(evidence, options: options)
    }

    @Test(arguments: [29.9, 30, 110.001]) func startsWhileClosedPass(time: Double) {
        #expect(starts(at: time) == .pass("no start while open, 1 time; 1 operation turned away"))
    }

    @Test(arguments: [30.001, 110]) func aStartWhileOpenFails(time: Double) {
        #expect(starts(at: time).verdict == .fail)
    }

    @Test func theFindingNamesOperationAndStretch() {
        #expect(
            starts(at: 40)
                == .fail(
                    "operation #0 started at 40.000 ms, while 'failure' kept the breaker open from 30.000 ms to 110.000 ms"
                )
        )
    }

    @Test(arguments: [(31.0, .pass), (33.0, .fail)] as [(Double, InvariantVerdict)])
    func onTheMachinesClockAStartWithinTheSlackWasDecidedBefore(time: Double, verdict: InvariantVerdict) {
        let options = BreakerOptions(slack: DurationText(.milliseconds(2)))
        #expect(starts(at: time, clock: .real, options: options).verdict == verdict)
    }

    @Test func furtherAttemptsAreNoStarts() {
        let history = history {
            $0.submit(0, at: 5)
            $0.start(0, at: 5)
            $0.fail(0, at: 30)
            $0.start(0, at: 40, attempt: 2)
            $0.complete(0, at: 41, attempt: 2)
            $0.refuse(1, at: 50)
        }
        let evidence = Evidence.of(history, options: Self.options, clock: .virtual)
        #expect(NoStartWhileOpenInvariant.check(evidence, options: .init()).verdict == .pass)
    }

    @Test func aBreakerThatNeverOpenedIsUnknown() {
        let history = HistoryScript.make {
            $0.signal("failure", at: 10)
            $0.run(0, submitted: 20, started: 20, completed: 21)
        }
        let finding = NoStartWhileOpenInvariant.check(.of(history, options: Self.options), options: .init())
        #expect(finding == .unknown("there were never 3 failures 'failure' within the window"))
    }

    @Test func anOpenBreakerThatNobodyMeetsIsUnknown() {
        let finding = NoStartWhileOpenInvariant.check(.of(history { _ in }, options: Self.options), options: .init())
        #expect(finding == .unknown("nothing came while the breaker was open"))
    }

    @Test(arguments: ["failureSignal", "threshold", "windowSize"])
    func withoutTheBreakersOptionsBothAreUnknown(missing: String) {
        var options = Self.options
        options[missing] = nil
        let evidence = Evidence.of(history { $0.refuse(0, at: 50) }, options: options)
        for finding in [
            NoStartWhileOpenInvariant.check(evidence, options: .init()),
            RefusedOnlyWhileOpenInvariant.check(evidence, options: .init()),
        ] { #expect(finding.text.hasPrefix("the target's options have no '\(missing)'")) }
    }

    @Test(arguments: [30.0, 70, 110]) func refusalsWhileOpenPass(time: Double) {
        let evidence = Evidence.of(history { $0.refuse(0, at: time) }, options: Self.options, clock: .virtual)
        let finding = RefusedOnlyWhileOpenInvariant.check(evidence, options: .init())
        #expect(finding == .pass("1 operation refused, all while open"))
    }

    @Test(arguments: [29.9, 110.001]) func aRefusalWhileClosedFails(time: Double) {
        let evidence = Evidence.of(history { $0.refuse(0, at: time) }, options: Self.options, clock: .virtual)
        let finding = RefusedOnlyWhileOpenInvariant.check(evidence, options: .init())
        #expect(finding.verdict == .fail)
        #expect(finding.text.hasPrefix("operation #0 was refused at"))
    }

    @Test func withoutRefusalsItIsUnknown() {
        let finding = RefusedOnlyWhileOpenInvariant.check(
            .of(history { _ in }, options: Self.options),
            options: .init()
        )
        #expect(finding == .unknown("no operation was refused"))
    }

    @Test func stretchesOfOverlappingWindowsAreOne() {
        let history = HistoryScript.make { script in
            for time in [0.0, 10, 20, 90, 95, 300] { script.signal("f", at: time) }
        }
        let times = SignalTimes(history, raised: ["f"])
        #expect(times.stretches(of: 3, within: 100_000_000) == [20_000_000...120_000_000])
        #expect(times.stretches(of: 7, within: 100_000_000) == [])
        #expect(times.count(from: 10_000_000, to: 90_000_000) == 3)
    }
}
