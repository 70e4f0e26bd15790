import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct LanePriorityInvariantTests {
    /// Lanes from the highest, each with further options.
    private static func options(
        slots: Int64 = 1,
        urgent: JSONValue.Object = [:],
        further: JSONValue.Object = [:]
    ) -> JSONValue.Object {
        var first = urgent
        first["name"] = "urgent"
        var options = further
        options["maxConcurrency"] = .integer(slots)
        options["lanes"] = .array([.object(first), .object(["name": "normal"]), .object(["name": "low"])])
        return options
    }

    /// One slot, taken by #0 of the lowest lane until 10 ms; #1 (low) and #2 (urgent) wait since 1 and 2 ms.
    private static func history(starts: [Int32], also write: (inout HistoryScript) -> Void = { _ in }) -> History {
        HistoryScript.make { script in
            for (operation, lane) in [(0, "low"), (1, "low"), (2, "urgent")] as [(Int32, String)] {
                script.lane(lane, operation)
                script.submit(operation, at: Double(operation))
            }
            script.start(0, at: 0.5)
            script.complete(0, at: 10)
            for (place, operation) in starts.enumerated() {
                script.start(operation, at: 11 + Double(place) * 10)
                script.complete(operation, at: 20 + Double(place) * 10)
            }
            write(&script)
        }
    }

    private static func check(
        _ history: History?,
        _ options: JSONValue.Object = options(),
        isKeyed: Bool = false
    ) -> Finding {
        LanePriorityInvariant.check(.of(history, options: options, isKeyed: isKeyed), options: .init())
    }

    @Test func theHigherLaneFirstPasses() {
        #expect(
            Self.check(Self.history(starts: [2, 1])) == .pass("1 start ahead of waiting operations of lower lanes")
        )
    }

    @Test func theLowerLaneFirstFailsAndNamesBoth() {
        #expect(
            Self.check(Self.history(starts: [1, 2]))
                == .fail(
                    "#2 of lane 'urgent' was accepted at 2.000 ms and still waited when #1 of lane 'low' started at "
                        + "11.000 ms, decided at 10.000 ms or later"
                )
        )
    }

    @Test func ofTwoOperationsTakenTogetherEitherMayBeginFirst() {
        // Both slots are free from 10 ms on: #1 and #2 may have been taken in the right order and begin in the other.
        let history = Self.history(starts: [1, 2])
        #expect(Self.check(history, Self.options(slots: 2)).verdict != .fail)
    }

    @Test func anUrgentOperationAcceptedAfterTheDecisionIsNotOvertaken() {
        let history = HistoryScript.make { script in
            script.lane("low", 0)
            script.lane("urgent", 1)
            script.submit(0, at: 0)
            // Between the submission of #0 and its start, nobody knows when it was taken.
            script.submit(1, at: 1)
            script.start(0, at: 2)
            script.complete(0, at: 3)
            script.start(1, at: 4)
            script.complete(1, at: 5)
        }
        #expect(Self.check(history).verdict == .unknown)
    }

    @Test func moreWaitingUrgentOperationsThanFreeSlotsAreOvertaken() {
        let history = HistoryScript.make { script in
            for operation in 0...4 as ClosedRange<Int32> {
                script.lane(operation < 2 ? "normal" : "urgent", operation)
                script.submit(operation, at: 0)
            }
            script.lane("normal", 5)
            script.submit(5, at: 1)
            // Two of three slots are busy when #5 begins, so at most one urgent operation can have been taken before.
            script.start(0, at: 2)
            script.start(5, at: 3)
            for operation in 1...4 as ClosedRange<Int32> { script.start(operation, at: 10 + Double(operation)) }
            for operation in 0...5 as ClosedRange<Int32> { script.complete(operation, at: 30) }
        }
        #expect(Self.check(history, Self.options(slots: 3)).verdict == .fail)
        #expect(Self.check(history, Self.options(slots: 6)).verdict != .fail)
    }

    @Test func aLaneWithALimitOfItsOwnMayHaveToWait() {
        let options = Self.options(slots: 2, urgent: ["maxConcurrency": .integer(1)])
        let history = HistoryScript.make { script in
            for (operation, lane) in [(0, "urgent"), (1, "urgent"), (2, "low")] as [(Int32, String)] {
                script.lane(lane, operation)
                script.submit(operation, at: Double(operation))
            }
            script.start(0, at: 0.5)
            script.start(2, at: 2.5)
            script.complete(0, at: 10)
            script.start(1, at: 11)
            script.complete(2, at: 12)
            script.complete(1, at: 12)
        }
        #expect(Self.check(history, options).verdict != .fail)
        #expect(Self.check(history, Self.options(slots: 2)).verdict == .fail)
    }

    @Test func aLaneWhoseDeferringSignalWasRaisedIsNotJudged() {
        let history = Self.history(starts: [1, 2]) {
            $0.signal("urgent.hold", at: 5)
            $0.signal("urgent.hold", .signalRetracted, at: 15)
        }
        let deferred = Self.options(urgent: ["deferOnSignals": .string("urgent.*")])
        let elsewhere = Self.options(urgent: ["deferOnSignals": .array([.string("other.*")])])
        #expect(Self.check(history, deferred).verdict == .unknown)
        #expect(Self.check(history, elsewhere).verdict == .fail)
    }

    @Test func aDroppedOperationWaitedForNothing() {
        let history = HistoryScript.make { script in
            for (operation, lane) in [(0, "low"), (1, "urgent"), (2, "low")] as [(Int32, String)] {
                script.lane(lane, operation)
                script.submit(operation, at: Double(operation))
            }
            script.start(0, at: 0.5)
            script.complete(0, at: 10)
            script.start(2, at: 11)
            script.add(.discarded, 1, at: 15)
            script.complete(2, at: 20)
        }
        #expect(Self.check(history).verdict == .unknown)
    }

    @Test(arguments: [(7, .unknown), (4, .fail)] as [(Int32, InvariantVerdict)])
    func keysAreJudgedByThemselves(keyOfUrgent: Int32, verdict: InvariantVerdict) {
        let history = HistoryScript.make { script in
            script.lane("low", 0)
            script.lane("low", 1)
            script.lane("urgent", 2)
            script.submit(0, key: 4, at: 0)
            script.submit(1, key: 4, at: 1)
            script.submit(2, key: keyOfUrgent, at: 2)
            script.start(0, at: 3)
            script.complete(0, at: 10)
            script.start(1, at: 11)
            script.complete(1, at: 20)
            script.start(2, at: 21)
            script.complete(2, at: 22)
        }
        #expect(Self.check(history, Self.options(slots: 8), isKeyed: true).verdict == verdict)
    }

    @Test func whatItCannotKnowIsUnknown() {
        let history = Self.history(starts: [1, 2])
        #expect(Self.check(nil).verdict == .unknown)
        let withoutLanes = HistoryScript.make { $0.run(0, submitted: 0, started: 1, completed: 2) }
        #expect(Self.check(withoutLanes).verdict == .unknown)
        #expect(Self.check(history, ["maxConcurrency": .integer(1)]).verdict == .unknown)
        #expect(Self.check(history, ["lanes": Self.options()["lanes"] ?? .null]).verdict == .unknown)
        #expect(Self.check(history, Self.options(further: ["agingInterval": .string("1s")])).verdict == .unknown)
    }
}
