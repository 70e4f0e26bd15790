import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct EventLogTests {
    @Test
    func eventsOfManyTasksAreAllThereOnceAndInOrder() async {
        let log = EventLog(limit: .max) {}
        let perTask = 20_000
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for number in stride(from: 0, to: perTask, by: 2) {
                        let index = task * perTask + number
                        log.record(
                            RecordedEvent(time: Int64(number), kind: .started, operation: index),
                            RecordedEvent(time: Int64(number + 1), kind: .completed, operation: index + 1)
                        )
                        if number % 1000 == 0 { await Task.yield() }
                    }
                }
            }
        }
        let events = log.merged()
        #expect(events.count == 8 * perTask)
        #expect(Set(events.map(\.operation)).count == 8 * perTask)
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test
    func eventsOfOneThreadKeepTheirOrderWhereTimesAreEqual() {
        let log = EventLog(limit: .max) {}
        for operation in 0..<100 { log.record(RecordedEvent(time: 5, kind: .submitted, operation: operation)) }
        #expect(log.merged().map(\.operation) == Array(0..<100))
    }

    @Test
    func fullLogSaysSoOnceAndGoesOnRecording() {
        let calls = CallCount()
        let log = EventLog(limit: EventLog.chunkSize) { calls.increment() }
        for time in 0..<EventLog.chunkSize - 1 {
            log.record(RecordedEvent(time: Int64(time), kind: .submitted, operation: 0))
        }
        #expect(calls.value == 0)
        for time in 0..<2 * EventLog.chunkSize {
            log.record(RecordedEvent(time: Int64(time), kind: .submitted, operation: 0))
        }
        #expect(calls.value == 1)
        #expect(log.merged().count == 3 * EventLog.chunkSize - 1)
    }

    @Test
    func recordedEventsExpandToHistoryEvents() {
        let failure = RecordedEvent(time: 3, kind: .failed, operation: 12, attempt: 2, error: 4)
        #expect(
            failure.expanded { $0 * 10 }
                == HistoryEvent(time: 3, kind: .failed, operation: 12, detail: 120, attempt: 2, error: 4)
        )
        let signal = RecordedEvent(time: 5, kind: .signalRaised, signal: 7)
        #expect(signal.expanded { $0 } == HistoryEvent(time: 5, kind: .signalRaised, detail: 7))
        #expect(MemoryLayout<RecordedEvent>.stride == 16)
    }
}
