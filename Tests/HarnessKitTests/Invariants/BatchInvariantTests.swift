import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct BatchInvariantTests {
    /// Batches of operations, each with when it began; one takes a millisecond, and operation n is accepted at n ms.
    private static func history(_ batches: [(begin: Double, operations: [Int32])], lasting length: Double = 1)
        -> History
    {
        HistoryScript.make { script in
            for (number, batch) in batches.enumerated() {
                for operation in batch.operations {
                    script.submit(operation, at: Double(operation))
                    script.start(operation, in: Int32(number + 1), at: batch.begin)
                    script.complete(operation, at: batch.begin + length)
                    script.end(operation, at: batch.begin + length)
                }
            }
        }
    }

    private func bounds(_ history: History?, _ options: BatchBoundsInvariant.Options = .init()) -> Finding {
        let target: JSONValue.Object = ["maxBatchSize": .integer(2), "flushInterval": .string("100ms")]
        return BatchBoundsInvariant.check(.of(history, options: target), options: options)
    }

    private func overlap(_ history: History?) -> Finding {
        OneFlushAtATimeInvariant.check(.of(history), options: .init())
    }

    @Test func batchesWithinTheBoundsPass() {
        #expect(bounds(Self.history([(1, [0, 1]), (102, [2])])) == .pass("2 batches of up to 2 of 2"))
    }

    @Test func aBatchThatIsTooLargeFails() {
        #expect(
            bounds(Self.history([(2, [0, 1, 2])]))
                == .fail("batch 1 at 2.000 ms had 3 operations (#0, #1, #2); the bound is 2")
        )
    }

    @Test func aBatchThatWaitsTooLongFails() {
        #expect(
            bounds(Self.history([(251, [0])]))
                == .fail(
                    "batch 1 (#0) began at 251.000 ms, 251.000 ms after its first operation was accepted; the bound is "
                        + "100.000 ms"
                )
        )
    }

    @Test func aBatchMayWaitForTheOneBeforeIt() {
        #expect(bounds(Self.history([(1, [0, 1]), (202, [2])], lasting: 200)).verdict == .pass)
    }

    @Test func anOperationThatOvertakesIntoAnEarlierBatchFails() {
        #expect(
            bounds(Self.history([(5, [4]), (6, [3])]))
                == .fail(
                    "#3 was accepted at 3.000 ms, before #4 was submitted, and handled in batch 2, after it in batch 1"
                )
        )
    }

    @Test func anOperationInTwoBatchesFails() {
        let twice = Self.history([(1, [0, 1]), (3, [1])])
        #expect(bounds(twice) == .fail("#1 was handled in batch 1 and in batch 2"))
    }

    @Test func withoutBatchesOrBoundsTheAnswerIsUnknown() {
        #expect(bounds(Self.history([])) == .unknown("no batch was handled"))
        #expect(bounds(nil).verdict == .unknown)
        let evidence = Evidence.of(Self.history([(1, [0])]))
        #expect(BatchBoundsInvariant.check(evidence, options: .init()).verdict == .unknown)
    }

    @Test func batchesOneAfterAnotherPass() {
        #expect(overlap(Self.history([(1, [0, 1]), (3, [2])])) == .pass("2 batches, one after another"))
    }

    @Test func batchesThatOverlapFail() {
        #expect(
            overlap(Self.history([(1, [0, 1]), (4, [2])], lasting: 5))
                == .fail("batch 2 began with #2 at 4.000 ms while #0 of batch 1 was being handled")
        )
    }

    @Test func aSingleBatchCannotOverlap() {
        #expect(overlap(Self.history([(1, [0, 1])])).verdict == .unknown)
        #expect(overlap(nil).verdict == .unknown)
    }
}
