import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct OperationRecordTests {
    private let id = OperationID(rawValue: 5)

    private func record(startedAt: Int64? = 20, completedAt: Int64? = 50) -> OperationRecord {
        var record = OperationRecord(
            id: id,
            enqueuedAt: Timestamp(nanoseconds: 10),
            startedAt: startedAt.map { Timestamp(nanoseconds: $0) } ?? .distantPast
        )
        if let completedAt { record.completedAt = Timestamp(nanoseconds: completedAt) }
        return record
    }

    private func event(_ signal: String) -> SignalEvent {
        SignalEvent(signal: signal, operationID: id, key: nil, time: Timestamp(nanoseconds: 30), wallOffset: 0)
    }

    @Test func aRunningOperationHasStartedAndHasNoEnd() {
        let snapshot = record(completedAt: nil).snapshot(wallOffset: .zero)
        #expect(snapshot.queueDelay == .nanoseconds(10))
        #expect(snapshot.completedAt == nil)
        #expect(snapshot.duration == nil)
        #expect(snapshot.completed == nil)
        #expect(snapshot.startedAt == Timestamp(nanoseconds: 20).instant)
        guard case .running = snapshot.outcome else { return #expect(Bool(false), "\(snapshot.outcome)") }
    }

    @Test func anEndedOperationHasItsTimes() {
        var ended = record()
        ended.state = .completed
        let snapshot = ended.snapshot(wallOffset: .seconds(1_767_225_600))
        #expect(snapshot.duration == .nanoseconds(30))
        #expect(snapshot.enqueued.description == "2026-01-01T00:00:00.000Z")
        #expect(snapshot.completed == WallTime(sinceUnixEpoch: .seconds(1_767_225_600) + .nanoseconds(50)))
        #expect(!snapshot.isFaulted)
    }

    @Test func anOperationThatNeverRanWaitedUntilItsEnd() {
        var skipped = record(startedAt: nil)
        skipped.state = .skipped
        skipped.setSkippedBy("stop")
        let snapshot = skipped.snapshot(wallOffset: .zero)
        #expect(snapshot.queueDelay == .nanoseconds(40))
        #expect(snapshot.startedAt == nil)
        #expect(snapshot.started == nil)
        #expect(snapshot.duration == nil)
        guard case .skipped(signal: "stop") = snapshot.outcome else {
            return #expect(Bool(false), "\(snapshot.outcome)")
        }
    }

    @Test func aFailureKeepsItsError() {
        var failed = record()
        failed.state = .failed
        failed.setError(Failure(number: 3))
        let snapshot = failed.snapshot(wallOffset: .zero)
        #expect(snapshot.isFaulted)
        #expect(snapshot.error as? Failure == Failure(number: 3))
    }

    @Test func signalsKeepTheOrderOfEmission() {
        var running = record()
        for signal in ["b", "a", "b"] { running.append(event(signal)) }
        let snapshot = running.snapshot(wallOffset: .zero)
        #expect(snapshot.signals == ["b", "a", "b"])
        #expect(snapshot.hasSignal("a"))
        #expect(!snapshot.hasSignal("c"))
        #expect(record().snapshot(wallOffset: .zero).signals == nil)
    }

    @Test func aSnapshotDoesNotChangeWithItsOperation() {
        var running = record()
        running.append(event("a"))
        let snapshot = running.snapshot(wallOffset: .zero)
        running.append(event("b"))
        #expect(running.removeEvents { $0.signal == "a" }.map(\.signal) == ["a"])
        #expect(snapshot.signals == ["a"])
        #expect(running.events.map(\.signal) == ["b"])
        #expect(running.removeEvents { $0.signal == "zzz" }.isEmpty)
    }

    @Test func theSignalsOfAnOperationAreBounded() {
        var record = record()
        for number in 1...(OperationRecord.signalLimit + 5) { record.append(event("\(number)")) }
        #expect(record.events.count == OperationRecord.signalLimit)
        #expect(record.events.first?.signal == "6")
        #expect(record.events.last?.signal == "\(OperationRecord.signalLimit + 5)")
    }

    @Test func aCopyOfARecordKeepsItsSignals() {
        var record = record()
        record.append(event("a"))
        let copy = record
        record.append(event("b"))
        _ = record.removeEvents { $0.is("a") }
        #expect(copy.events.map(\.signal) == ["a"])
        #expect(record.events.map(\.signal) == ["b"])
    }
}
