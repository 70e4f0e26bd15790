import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct SignalSequenceInvariantTests {
    static let options = SignalSequenceInvariant.Options(
        order: ["starting", "progress:*", "completed"],
        last: ["completed", "failed:*"]
    )

    /// The signals of operations 0, 1 and so on, which all end.
    private func check(_ signals: [[String]], options: SignalSequenceInvariant.Options = options) -> Finding {
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
        return SignalSequenceInvariant.check(.of(history), options: options)
    }

    @Test func signalsInOrderAndToAnEndPass() {
        let finding = check([
            ["starting", "progress:0", "progress:50", "completed"], ["starting", "failed:503"], ["completed"],
        ])
        #expect(finding == .pass("3 operations in order and to an end"))
    }

    @Test func aSignalTooLateFails() {
        #expect(
            check([["starting", "completed"], ["progress:0", "starting"]])
                == .fail("operation #1: 'starting' at 3.000 ms comes after 'progress:0'")
        )
    }

    @Test func aNameThatComesTwiceFails() {
        #expect(
            check([["starting", "starting"]]).text == "operation #0: 'starting' at 3.000 ms comes after 'starting'"
        )
    }

    @Test(arguments: [["progress:5", "progress:5"], ["progress:5", "progress:4"]])
    func numbersThatDoNotGrowFail(names: [String]) {
        #expect(check([names]).text == "operation #0: '\(names[1])' at 3.000 ms does not grow after 'progress:5'")
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
