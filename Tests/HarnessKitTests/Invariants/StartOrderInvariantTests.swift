import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct StartOrderInvariantTests {
    private static let oneSlot: JSONValue.Object = ["maxConcurrency": .integer(1)]

    private static func history(starts: [(operation: Int32, at: Double)], key: (Int32) -> Int32 = { _ in 0 }) -> History
    {
        HistoryScript.make { script in
            for (operation, time) in starts {
                script.run(
                    operation,
                    key: key(operation),
                    submitted: Double(operation),
                    started: time,
                    completed: time + 0.5
                )
            }
        }
    }

    @Test func startsInOrderPass() {
        let history = Self.history(starts: [(0, 10), (1, 11), (2, 12)])
        let finding = StartsInOrderInvariant.check(.of(history, options: Self.oneSlot), options: .init())
        #expect(finding == .pass("2 starts in order"))
    }

    @Test func anOvertakingNamesBothOperations() {
        let history = Self.history(starts: [(0, 10), (2, 11), (1, 12)])
        let finding = StartsInOrderInvariant.check(.of(history, options: Self.oneSlot), options: .init())
        #expect(finding.verdict == .fail)
        #expect(
            finding.text.hasPrefix(
                "#1 was accepted at 1.000 ms, before #2 was submitted at 2.000 ms, "
                    + "but #2 started at 11.000 ms and #1 at 12.000 ms"
            )
        )
    }

    @Test func workersThatBeginOutOfTurnWithinTheSlotsAreNoOvertaking() {
        let history = Self.history(starts: [(1, 10), (0, 10.1), (2, 12)])
        let options: JSONValue.Object = ["maxConcurrency": .integer(2)]
        #expect(StartsInOrderInvariant.check(.of(history, options: options), options: .init()).verdict == .pass)
    }

    @Test func overtakingMoreThanTheSlotsFails() {
        let history = Self.history(starts: [(3, 10), (2, 11), (1, 12), (0, 13)])
        let options: JSONValue.Object = ["maxConcurrency": .integer(2)]
        #expect(StartsInOrderInvariant.check(.of(history, options: options), options: .init()).verdict == .fail)
    }

    @Test func submissionsAtTheSameTimeHaveNoOrder() {
        let history = HistoryScript.make {
            $0.submit(0, at: 0, accepted: 2)
            $0.submit(1, at: 1, accepted: 3)
            for (operation, time) in [(1, 4.0), (0, 5)] as [(Int32, Double)] {
                $0.start(operation, at: time)
                $0.complete(operation, at: time + 0.5)
            }
        }
        #expect(StartsInOrderInvariant.check(.of(history, options: Self.oneSlot), options: .init()).verdict == .unknown)
    }

    @Test func anOperationThatWasDroppedIsNoPredecessor() {
        let history = HistoryScript.make {
            $0.submit(0, at: 0)
            $0.run(1, submitted: 1, started: 2, completed: 3)
            $0.add(.discarded, 0, at: 4)
            $0.run(2, submitted: 5, started: 6, completed: 7)
        }
        #expect(StartsInOrderInvariant.check(.of(history, options: Self.oneSlot), options: .init()).verdict == .pass)
    }

    @Test func keysMayOvertakeEachOther() {
        let history = Self.history(starts: [(0, 10), (2, 11), (1, 12), (3, 13)]) { $0 % 2 }
        #expect(
            FIFOPerKeyInvariant.check(.of(history, isKeyed: true), options: .init())
                == .pass("2 starts in order over 2 keys")
        )
    }

    @Test func anOvertakingWithinAKeyFails() {
        let history = Self.history(starts: [(1, 10), (2, 11), (0, 12)]) { $0 % 2 }
        let finding = FIFOPerKeyInvariant.check(.of(history, isKeyed: true), options: .init())
        #expect(finding.verdict == .fail)
        #expect(finding.text.hasPrefix("key 0: #0 was accepted"))
    }

    @Test func keysThatAreNotSharedAreUnknown() {
        let history = Self.history(starts: [(0, 10), (1, 11)]) { $0 }
        #expect(FIFOPerKeyInvariant.check(.of(history, isKeyed: true), options: .init()).verdict == .unknown)
    }

    /// Operations 0 to 3 in turn of lanes "urgent" and "low", each of the key that `key` gives.
    private static func laned(starts: [(operation: Int32, at: Double)], key: (Int32) -> Int32 = { _ in 0 }) -> History {
        HistoryScript.make { script in
            for (operation, time) in starts {
                script.lane(operation.isMultiple(of: 2) ? "urgent" : "low", operation)
                script.run(
                    operation,
                    key: key(operation),
                    submitted: Double(operation),
                    started: time,
                    completed: time + 0.5
                )
            }
        }
    }

    @Test func lanesMayOvertakeEachOther() {
        let history = Self.laned(starts: [(0, 10), (2, 11), (1, 12), (3, 13)])
        #expect(
            FIFOPerLaneInvariant.check(.of(history, options: Self.oneSlot), options: .init())
                == .pass("2 starts in order")
        )
    }

    @Test func anOvertakingWithinALaneFails() {
        let history = Self.laned(starts: [(0, 10), (3, 11), (1, 12), (2, 13)])
        let finding = FIFOPerLaneInvariant.check(.of(history, options: Self.oneSlot), options: .init())
        #expect(finding.verdict == .fail)
        #expect(finding.text.hasPrefix("lane 'low': #1 was accepted"))
    }

    @Test func inAKeyedTargetEachKeyOfALaneIsJudgedByItself() {
        let starts = [(0, 10), (3, 11), (1, 12), (2, 13)] as [(Int32, Double)]
        let apart = Self.laned(starts: starts) { $0 }
        #expect(FIFOPerLaneInvariant.check(.of(apart, isKeyed: true), options: .init()).verdict == .unknown)
        let together = Self.laned(starts: starts) { _ in 9_999_999 }
        let finding = FIFOPerLaneInvariant.check(.of(together, isKeyed: true), options: .init())
        #expect(finding.text.hasPrefix("lane 'low', key 9999999: #1 was accepted"))
    }

    @Test func withoutLanesTheirOrderIsUnknown() {
        let history = Self.history(starts: [(1, 10), (0, 11)])
        #expect(FIFOPerLaneInvariant.check(.of(history), options: .init()).verdict == .unknown)
    }

    @Test func orderNeedsAHistory() {
        #expect(FIFOPerLaneInvariant.check(.of(nil), options: .init()).verdict == .unknown)
        #expect(StartsInOrderInvariant.check(.of(nil), options: .init()).verdict == .unknown)
        #expect(FIFOPerKeyInvariant.check(.of(nil), options: .init()).verdict == .unknown)
    }
}
