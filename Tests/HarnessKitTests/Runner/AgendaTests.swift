import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct AgendaTests {
    @Test
    func stepsComeInTheOrderOfTheirTimes() {
        var repeated = TimelineEvent(id: "a", at: .nanoseconds(10), action: .mark("a"))
        repeated.every = .nanoseconds(20)
        repeated.times = 3
        var lasting = TimelineEvent(id: "b", at: .nanoseconds(15), action: .raise("b"))
        lasting.duration = .nanoseconds(10)
        var agenda = Agenda([repeated, lasting])
        var steps: [Agenda.Step] = []
        while let next = agenda.next, let step = agenda.popDue(at: next) { steps.append(step) }
        #expect(steps.map(\.time) == [10, 15, 25, 30, 50])
        #expect(steps.map(\.event) == [0, 1, 1, 0, 0])
        #expect(steps.map(\.occurrence) == [0, 0, 0, 1, 2])
        #expect(steps.map(\.isEnd) == [false, false, true, false, false])
    }

    @Test
    func nothingIsDueBeforeItsTime() {
        var agenda = Agenda([TimelineEvent(id: "a", at: .nanoseconds(10), action: .cancel)])
        #expect(agenda.popDue(at: 9) == nil)
        #expect(agenda.popDue(at: 10)?.event == 0)
        #expect(agenda.next == nil)
    }
}
