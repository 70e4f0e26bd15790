import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct HistoryLinesTests {
    private var history: History {
        var history = History()
        history.signalNames = ["slow \"down\""]
        history.errorNames = ["", "transient"]
        history.events = [
            HistoryEvent(time: 5, kind: .submitted, operation: 0),
            HistoryEvent(time: 7, kind: .failed, operation: 1, detail: 3, attempt: 2, error: 1),
            HistoryEvent(time: 9, kind: .signalRaised, detail: 0),
            HistoryEvent(time: 10, kind: .assigned, operation: 1, detail: 70_000),
            HistoryEvent(time: 11, kind: .ended, operation: 1, detail: 3, error: 1),
            HistoryEvent(time: 12, kind: .emitted, operation: 1, detail: 0),
        ]
        return history
    }

    @Test
    func eventsAreLinesWithoutEmptyKeys() {
        let text = String(decoding: HistoryLines(history).bytes(limit: 10), as: UTF8.self)
        #expect(
            text == """
                {"t":5,"event":"submitted","op":0}
                {"t":7,"event":"failed","op":1,"key":3,"attempt":2,"error":"transient"}
                {"t":9,"event":"signalRaised","signal":"slow \\"down\\""}
                {"t":10,"event":"assigned","op":1,"part":70000}
                {"t":11,"event":"ended","op":1,"key":3,"error":"transient"}
                {"t":12,"event":"emitted","op":1,"signal":"slow \\"down\\""}

                """
        )
    }

    @Test
    func cutHistorySaysHowMuchIsMissing() {
        let text = String(decoding: HistoryLines(history).bytes(limit: 1), as: UTF8.self)
        #expect(text.hasSuffix("{\"truncated\":5}\n"))
        #expect(text.split(separator: "\n").count == 2)
    }

    @Test
    func linesThatAreReadAgainAreTheSameEvents() throws {
        let names = RecordedEvidence.Names(signals: history.signalNames, errors: history.errorNames, lanes: [])
        let (events, missing) = try HistoryLines.read(HistoryLines(history).bytes(limit: 10), names: names)
        #expect(events == history.events)
        #expect(missing == 0)
    }
}
