import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct CounterExampleTests {
    private static func history() -> History {
        var history = History()
        history.signalNames = ["calm", "storm"]
        history.errorNames = ["", "transient"]
        history.laneNames = ["urgent", "normal"]
        history.events = [
            HistoryEvent(time: 1_000_000, kind: .submitted, operation: 7, detail: 3, lane: 1),
            HistoryEvent(time: 1_000_000, kind: .accepted, operation: 7, detail: 3, lane: 1),
            HistoryEvent(time: 1_500_000, kind: .submitted, operation: 8),
            HistoryEvent(time: 2_000_000, kind: .signalRaised, detail: 1),
            HistoryEvent(time: 2_500_000, kind: .signalRaised, detail: 0),
            HistoryEvent(time: 3_000_000, kind: .started, operation: 7, detail: 3, attempt: 2, lane: 1),
            HistoryEvent(time: 4_000_000, kind: .failed, operation: 7, detail: 3, attempt: 2, error: 1, lane: 1),
        ]
        return history
    }

    @Test
    func eventsOfNamedOperationsAndSignalsAreShown() throws {
        let finding = "operation #7 started at 3.000 ms, while 'storm' was raised since 2.000 ms"
        let example = try #require(CounterExample(of: finding, in: Self.history()))
        #expect(example.events.map(\.event) == ["submitted", "accepted", "signalRaised", "started", "failed"])
        #expect(example.events.map(\.subject) == ["#7", "#7", "'storm'", "#7", "#7"])
        #expect(example.events.last?.detail == "key 3, lane 'normal', attempt 2, error 'transient'")
        #expect(example.events.last?.time == 0.004)
    }

    @Test
    func eventsBeforeATimeAreShownWhereNothingElseIsNamed() throws {
        let example = try #require(CounterExample(of: "the reading at 2.000 ms: pending is -1", in: Self.history()))
        #expect(example.events.map(\.event) == ["submitted", "accepted", "submitted", "signalRaised"])
    }

    @Test
    func findingsThatNameNothingHaveNone() {
        #expect(CounterExample(of: "7 of 9 are gone", in: Self.history()) == nil)
    }

    @Test
    func longStoriesKeepBeginningAndEnd() throws {
        var history = History()
        history.events = (0..<100).map { HistoryEvent(time: Int64($0), kind: .started, operation: 1) }
        let example = try #require(CounterExample(of: "#1 started 100 times", in: history))
        #expect(example.events.count == 24)
        #expect(example.omitted == 76)
        #expect(example.events.first?.time == 0)
        #expect(example.events.last?.time == 99e-9)
    }

    @Test(arguments: [
        (finding: "(#1, #20);", operations: [1, 20] as [Int32]), (finding: "key #x", operations: []),
        (finding: "#3's", operations: [3]),
    ])
    func operationsAreReadFromFindings(finding: String, operations: [Int32]) {
        #expect(FindingSubjects(finding, signals: []).operations == Set(operations))
    }
}
