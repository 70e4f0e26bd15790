import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct NoSlotWhileBackingOffInvariantTests {
    /// Of one slot: operation 0 fails at 2 ms and is attempted again at 50 ms, operation 1 starts at `other`.
    private static func history(otherStartsAt other: Double) -> History {
        HistoryScript.make {
            $0.submit(0, at: 0)
            $0.submit(1, at: 1)
            $0.start(0, at: 1)
            $0.fail(0, at: 2)
            $0.start(1, at: other)
            $0.complete(1, at: other + 5)
            $0.start(0, at: max(50, other + 6), attempt: 2)
            $0.complete(0, at: max(50, other + 6) + 1, attempt: 2)
        }
    }

    private func check(_ history: History?, slots: Int64? = 1) -> Finding {
        let options: JSONValue.Object = slots.map { ["maxConcurrency": .integer($0)] } ?? [:]
        return NoSlotWhileBackingOffInvariant.check(
            .of(history, options: options),
            options: .init(slack: DurationText(.milliseconds(1)))
        )
    }

    @Test func othersThatStartMeanwhileShowIt() {
        #expect(
            check(Self.history(otherStartsAt: 3)) == .pass("up to 2 operations ran or backed off at a time in 1 slot")
        )
    }

    @Test func aFreeSlotThatOthersWaitForIsHeld() {
        #expect(
            check(Self.history(otherStartsAt: 40))
                == .fail(
                    "#1 waited to start from 2.000 ms to 40.000 ms although a slot was free, while 1 operation waited for "
                        + "another attempt"
                )
        )
    }

    @Test func withoutBackOffOrMoreOperationsThanSlotsTheAnswerIsUnknown() {
        let single = HistoryScript.make { $0.run(0, submitted: 0, started: 0, completed: 2) }
        #expect(check(single).verdict == .unknown)
        #expect(check(Self.history(otherStartsAt: 3), slots: 4).verdict == .unknown)
        #expect(check(Self.history(otherStartsAt: 3), slots: nil).verdict == .unknown)
        #expect(check(nil).verdict == .unknown)
    }
}
