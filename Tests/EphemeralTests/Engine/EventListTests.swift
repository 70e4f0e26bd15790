import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct EventListTests {
    private func event(_ number: Int) -> SignalEvent {
        SignalEvent(
            signal: "\(number)",
            operationID: OperationID(rawValue: 1),
            key: nil,
            time: Timestamp(nanoseconds: Int64(number)),
            wallOffset: 0
        )
    }

    @Test func eventsStayInOrderAndPiecesAreFew() {
        var list = EventList()
        #expect(list.isEmpty && list.all.isEmpty)
        for number in 1...1000 {
            list.append(event(number))
            #expect(list.all.count == number && list.lengths.count <= 10)
        }
        #expect(list.all == (1...1000).map { event($0) })
        #expect(list.lengths == [512, 256, 128, 64, 32, 8])
    }

    @Test func aCopyIsNotChangedByALaterAddition() {
        var list = EventList()
        for number in 1...3 { list.append(event(number)) }
        let copy = list
        list.append(event(4))
        #expect(copy.all == (1...3).map { event($0) })
    }

    @Test func removalKeepsTheOrderOfTheRest() {
        var list = EventList()
        for number in 1...100 { list.append(event(number)) }
        list.removeAll { $0.time.nanoseconds % 2 == 0 }
        list.append(event(101))
        #expect(list.all == (0...50).map { event($0 * 2 + 1) })
        list.removeAll { _ in true }
        #expect(list.isEmpty)
        list.append(event(1))
        #expect(list.all == [event(1)])
    }
}
