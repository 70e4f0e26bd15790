import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct IntakeTests {
    private func entry(_ item: Int) -> QueueEntry<Int, Unrouted> {
        QueueEntry(item: item, route: Unrouted(), ticket: Ticket(id: .next(), enqueuedAt: Timestamp(nanoseconds: 0)))
    }

    @Test func onlyTheFirstArrivalLooksForAWorker() {
        var intake = Intake<QueueEntry<Int, Unrouted>>(room: 3)
        #expect(intake.append(entry(1)).text == "acceptedAndWanted")
        #expect(intake.append(entry(2)).text == "accepted")
        intake.wantsWakeUp = true
        #expect(intake.append(entry(3)).text == "acceptedAndWanted")
        #expect(intake.entries.map(\.item) == [1, 2, 3])
    }

    @Test func withoutRoomTheWholeQueueHasToBeLookedAt() {
        var intake = Intake<QueueEntry<Int, Unrouted>>(room: 1)
        _ = intake.append(entry(1))
        #expect(intake.append(entry(2)).text == "unclear")
        #expect(intake.entries.count == 1)
    }

    @Test func aClosedIntakeTakesNothingEvenWithRoom() {
        var intake = Intake<QueueEntry<Int, Unrouted>>(room: 1)
        intake.isOpen = false
        #expect(intake.append(entry(1)).text == "closed")
        #expect(intake.entries.isEmpty)
    }
}

extension Intake.Admission {
    fileprivate var text: String { String(describing: self) }
}
