import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct WindowBoundInvariantTests {
    /// Three operations that complete, and readings of how many are visible.
    private static func history(visible: [Int?]) -> History {
        var history = HistoryScript.make { script in
            for operation in 0..<3 as Range<Int32> {
                let time = Double(operation)
                script.run(operation, submitted: time, started: time + 0.2, completed: time + 0.4)
            }
        }
        history.samples = visible.enumerated().map { number, visible in
            let sample = TargetSample(accounting: TargetAccounting(), visible: visible)
            return HistorySample(
                begin: Int64(number + 1) * 1_000_000,
                end: Int64(number + 1) * 1_000_000,
                sample: sample
            )
        }
        return history
    }

    private static func check(_ history: History?, max: Int? = nil, options: JSONValue.Object = [:]) -> Finding {
        WindowBoundInvariant.check(.of(history, options: options), options: .init(max: max))
    }

    @Test func aWindowWithinItsBoundPasses() {
        #expect(
            Self.check(Self.history(visible: [1, 2, nil]), max: 2) == .pass("at most 2 of 2 visible, in 3 readings")
        )
    }

    @Test func aWindowBeyondItsBoundFails() {
        #expect(
            Self.check(Self.history(visible: [1, 2, 3]), max: 2)
                == .fail("3 ended operations were visible at 3.000 ms; the bound is 2")
        )
    }

    @Test func theTargetsOptionIsTheDefaultBound() {
        let history = Self.history(visible: [2])
        #expect(Self.check(history, options: ["maxTrackedOperations": .integer(1)]).verdict == .fail)
        #expect(Self.check(history, options: ["maxTrackedOperations": .integer(2)]).verdict == .pass)
    }

    @Test func aBoundThatWasNeverReachedIsUnknown() {
        #expect(Self.check(Self.history(visible: [3]), max: 3).verdict == .unknown)
    }

    @Test func withoutBoundOrReadingsTheAnswerIsUnknown() {
        #expect(Self.check(Self.history(visible: [2])).verdict == .unknown)
        #expect(Self.check(Self.history(visible: [nil]), max: 1).verdict == .unknown)
        #expect(Self.check(Self.history(visible: []), max: 1).verdict == .unknown)
        #expect(Self.check(nil, max: 1).verdict == .unknown)
    }

    @Test func aNegativeBoundIsRefused() {
        #expect(throws: PluginOptionError.self) { try WindowBoundInvariant.validate(.init(max: -1)) }
    }
}
