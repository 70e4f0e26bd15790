import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct SignalSequenceInvariantTests {
    static let options = SignalSequenceInvariant.Options(
        order: ["starting", "progress:*", "completed"],
        last: ["completed", "failed:*"]
    )

    /// The signals of operations 0, 1 and so on, which all end.
    private func check(
        _ signals: [[String]],
        options: SignalSequenceInvariant.Options = options,
        isCutOff: Bool = false
    ) -> Finding {
        let history = HistoryScript.make {
            for (operation, names) in signals.enumerated() {
                $0.submit(Int32(operation), at: 0)
                $0.start(Int32(operation), at: 1)
                for (number, name) in names.enumerated() {
                    $0.emit(Int32(operation), name, at: Double(number + 2))
                }
                $0.complete(Int32(operation), at: 50)
            }
        }
        return SignalSequenceInvariant.check(.of(history, isCutOff: isCutOff), options: options)
    }

    @Test func signalsInOrderAndToAnEndPass() {
        let finding = check([
            ["starting", "progress:0", "progress:50", "completed"], ["starting", "failed:503"], ["failed:503"],
        ])
        #expect(finding == .pass("3 operations in order and to an end"))
    }

    @Test(arguments: [["completed"], ["starting", "completed"], ["progress:0", "completed"]])
    func aSignalThatIsMissingFails(names: [String]) {
        let missing = names == ["starting", "completed"] ? "progress:*" : "starting"
        let time = names[0] == "starting" ? 3 : 2
        #expect(
            check([names])
                == .fail("operation #0: '\(names[time - 2])' at \(time).000 ms comes without '\(missing)' before it")
        )
    }

    @Test func aSignalThatIsOptionalMayBeMissing() {
        var options = Self.options
        options.optional = ["progress:*"]
        #expect(check([["starting", "completed"]], options: options).verdict == .pass)
        #expect(check([["progress:1", "completed"]], options: options).verdict == .fail)
    }

    @Test func withoutALastOneACompletedOperationHasAllSignals() {
        let options = SignalSequenceInvariant.Options(order: ["starting", "completed"])
        #expect(check([["starting", "completed"]], options: options) == .pass("1 operation in order"))
        #expect(check([["starting"]], options: options) == .fail("operation #0 completed without 'completed'"))
    }

    @Test func aCompletedOperationWithoutAnySignalFails() {
        #expect(
            check([["starting", "failed:1"], []]) == .fail("operation #1 ended without any of its signals")
        )
    }

    @Test func whatTheEndOfTheRunCutOffIsNoFailure() {
        let signals = [["starting", "progress:1", "completed"], ["starting"], []]
        #expect(check(signals).verdict == .fail)
        let open = Finding.unknown("1 operation had not come to an end when the run did")
        #expect(check(signals, isCutOff: true) == open)
        #expect(check([["starting"]], isCutOff: true) == open)
        #expect(check([["starting", "starting"]], isCutOff: true).verdict == .fail)
    }

    @Test(arguments: [true, false])
    func anOperationThatNeverEndedIsNotInOrderAndToAnEnd(isCutOff: Bool) {
        let history = HistoryScript.make {
            $0.submit(0, at: 0)
            $0.start(0, at: 1)
            $0.emit(0, "starting", at: 2)
        }
        let finding = SignalSequenceInvariant.check(.of(history, isCutOff: isCutOff), options: Self.options)
        #expect(finding == .unknown("1 operation had not come to an end when the run did"))
    }

    @Test func aSignalTooLateFails() {
        #expect(
            check([["starting", "failed:1"], ["starting", "progress:0", "progress:1", "other"]])
                == .fail("operation #1: 'other' at 5.000 ms has no place in the order")
        )
        let order = SignalSequenceInvariant.Options(order: ["a", "b:*", "c"], optional: ["a"])
        #expect(
            check([["b:1", "a"]], options: order)
                == .fail("operation #0: 'a' at 3.000 ms comes after 'b:1'")
        )
    }

    @Test func aNameThatComesTwiceFails() {
        #expect(
            check([["starting", "starting"]]).text == "operation #0: 'starting' at 3.000 ms comes a second time"
        )
        #expect(
            check([["starting", "progress:x", "progress:x"]]).text
                == "operation #0: 'progress:x' at 4.000 ms comes a second time"
        )
    }

    @Test func numbersThatDoNotGrowFail() {
        #expect(
            check([["starting", "progress:5", "progress:4"]]).text
                == "operation #0: 'progress:4' at 4.000 ms does not grow after 'progress:5'"
        )
    }

    @Test func whatComesAfterTheLastFails() {
        #expect(
            check([["starting", "failed:503", "progress:1"]]).text
                == "operation #0: 'progress:1' at 4.000 ms comes after 'failed:503', which is the last"
        )
    }

    @Test func anOperationWithoutALastSignalFails() {
        #expect(check([["starting"]]) == .fail("operation #0 ended, and its last signal was 'starting'"))
    }

    @Test func aNameOutsideOfTheOrderFails() {
        #expect(check([["other"]]) == .fail("operation #0: 'other' at 2.000 ms has no place in the order"))
    }

    @Test func withoutSignalsItIsUnknown() { #expect(check([[]]) == .unknown("no operation raised a signal")) }
}
