import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct TimedConditionsTests {
    private func event(
        _ action: TimelineEvent.Action,
        at: Int,
        lasting duration: Int? = nil,
        every: Int? = nil,
        times: Int = 1
    ) -> TimelineEvent {
        var event = TimelineEvent(id: "event", at: .milliseconds(at), action: action)
        event.duration = duration.map { .milliseconds($0) }
        event.every = every.map { .milliseconds($0) }
        event.times = times
        return event
    }

    private func setting(_ milliseconds: Int) -> TimelineEvent.Action {
        .setWorkTime(.constant(.milliseconds(milliseconds)))
    }

    private func work(_ conditions: TimedConditions, at milliseconds: [Int64]) -> [Int64?] {
        milliseconds.map { time in conditions.work(at: time * 1_000_000).map { $0.sample(0) / 1_000_000 } }
    }

    @Test func workTakesItsOtherTimeWhileTheEventLasts() {
        let conditions = TimedConditions([event(setting(7), at: 10, lasting: 10, every: 50, times: 2)])
        #expect(work(conditions, at: [9, 10, 19, 20, 59, 60, 69, 70]) == [nil, 7, 7, nil, nil, 7, 7, nil])
    }

    @Test func withoutADurationItStays() {
        #expect(work(TimedConditions([event(setting(7), at: 10)]), at: [9, 10, 1_000_000]) == [nil, 7, 7])
    }

    @Test func ofSeveralSettingsTheLastHoldsAndTheFormerComesBack() {
        let conditions = TimedConditions([
            event(setting(1), at: 0), event(setting(2), at: 10, lasting: 30), event(setting(3), at: 20, lasting: 10),
        ])
        #expect(work(conditions, at: [5, 15, 25, 35, 45]) == [1, 2, 3, 2, 1])
    }

    @Test(arguments: [
        (0, 10, 0), (0, 11, 5), (12, 0, 3), (12, 1, 3), (15, 10, 0), (9, 1, 0), (0, 20, 5), (0, 26, 35), (10, 0, 5),
    ])
    func workRestsWhileAStallLasts(start: Int64, work: Int64, delay: Int64) {
        let conditions = TimedConditions([
            event(.stall, at: 10, lasting: 5), event(.stall, at: 30, lasting: 20), event(.stall, at: 40, lasting: 20),
        ])
        #expect(conditions.stall(of: work * 1_000_000, from: start * 1_000_000) == delay * 1_000_000)
    }

    @Test func otherEventsLeaveTheWorkAlone() {
        #expect(TimedConditions([event(.mark("m"), at: 1), event(.pause, at: 2, lasting: 3)]).isEmpty)
    }
}
