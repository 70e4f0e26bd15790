import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct AnomalyAsCountedInvariantTests {
    static let options: JSONValue.Object = ["pattern": "error.*", "threshold": .integer(2), "window": "100ms"]

    /// Errors at 10 and 20 ms, so that there are too many from 20 to 110 ms; operations end at 10, 20, 60 and 150 ms.
    private func check(
        options: JSONValue.Object = options,
        clock: RunClock = .virtual,
        slack: DurationText? = nil,
        detected: Double? = 20,
        cleared: Double? = 150
    ) -> Finding {
        let history = HistoryScript.make {
            for (operation, end) in [10.0, 20, 60, 150].enumerated() {
                $0.submit(Int32(operation), at: 1)
                $0.start(Int32(operation), at: 1)
                if operation < 2 {
                    $0.fail(Int32(operation), at: end)
                    $0.signal("error.network", at: end)
                } else {
                    $0.complete(Int32(operation), at: end)
                }
            }
            if let detected { $0.signal("anomaly.detected", at: detected) }
            if let cleared { $0.signal("anomaly.cleared", at: cleared) }
        }
        return AnomalyAsCountedInvariant.check(
            .of(history, options: options, clock: clock),
            options: .init(slack: slack)
        )
    }

    @Test func answersThatFollowTheCountPass() {
        #expect(
            check()
                == .pass(
                    "right 2 times when there were too many and 2 times when there were not; 2 changes of the answer"
                )
        )
    }

    @Test func anAnswerTooLateFails() {
        #expect(
            check(detected: 60)
                == .fail(
                    "at 20.000 ms there were 2 signals 'error.*' in the window, and the detector said that fewer than 2 were there"
                )
        )
    }

    @Test func anAnswerTooEarlyFails() { #expect(check(detected: 10).verdict == .fail) }

    @Test func anAnswerThatStaysFails() { #expect(check(cleared: nil).verdict == .fail) }

    @Test func onTheMachinesClockTheAnswerMayBeLate() {
        let slack = DurationText(.milliseconds(5))
        #expect(check(clock: .real, slack: slack, detected: 20.5, cleared: 150.5).verdict == .pass)
        #expect(check(clock: .real, slack: slack, detected: 20.5, cleared: nil).verdict == .fail)
        #expect(
            check(clock: .real, detected: 20.5, cleared: nil)
                == .unknown("the detector was never certain to see too many"),
            "50 ms of slack at both ends of a window of 100 ms leave no certainty"
        )
    }

    @Test func oneKindOfAnswerAloneIsUnknown() {
        let always = HistoryScript.make {
            for operation in 0..<Int32(2) {
                $0.submit(operation, at: 1)
                $0.start(operation, at: 1)
                $0.signal("error.network", at: 9)
            }
            $0.signal("anomaly.detected", at: 10)
            $0.complete(0, at: 10)
            $0.complete(1, at: 20)
        }
        #expect(
            AnomalyAsCountedInvariant.check(.of(always, options: Self.options, clock: .virtual), options: .init())
                == .unknown("the detector was never certain to see few enough")
        )
    }

    @Test func withoutAnswersItIsUnknown() {
        let options = Self.options.with("threshold", .integer(3))
        #expect(
            check(options: options, detected: nil, cleared: nil)
                == .unknown("the detector was never certain to see too many")
        )
    }

    @Test func withoutTheDetectorsOptionsItIsUnknown() { #expect(check(options: [:]).verdict == .unknown) }
}
