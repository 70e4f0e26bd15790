import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct WindowTests {
    let stage = Stage()

    /// Accepts numbers and returns their identities.
    private func enqueue(_ items: ClosedRange<Int>, into coordinator: WorkCoordinator<Int>) -> [OperationID] {
        let ids = Journal<OperationID>()
        stage.call { for item in items { ids.record(try await coordinator.enqueue(item)) } }
        return ids.elements
    }

    @Test func runningOperationsAreNeverEvicted() throws {
        let log = EventLog()
        let coordinator = try stage.coordinator(3) {
            $0.maxTrackedOperations = 1
            $0.maxOperationLifetime = .seconds(1)
            $0.observer = log
        }
        let ids = enqueue(1...6, into: coordinator)
        stage.time.advance(by: .seconds(100))
        stage.run()
        #expect(coordinator.operations(in: .running).map(\.id) == Array(ids.prefix(3)))
        #expect(log.finalized.elements.isEmpty)
        stage.release(2)
        #expect(coordinator.operations(in: .running).count == 3)
        #expect(coordinator.operations(in: .finished).count == 1)
        #expect(log.finalized.elements.allSatisfy { $0.completedAt != nil })
        stage.open()
    }

    @Test func aWindowOfZeroShowsRunningOperationsOnly() throws {
        let coordinator = try stage.coordinator { $0.maxTrackedOperations = 0 }
        _ = enqueue(1...2, into: coordinator)
        #expect(coordinator.snapshot().count == 1)
        stage.open()
        #expect(coordinator.snapshot().isEmpty)
        #expect(coordinator.stats.completed == 2)
    }

    @Test func pinnedOperationsStayAndKeepTheirPlace() throws {
        let coordinator = try stage.coordinator { $0.maxTrackedOperations = 2 }
        stage.gate.open()
        let first = enqueue(1...2, into: coordinator)
        #expect(coordinator.pin(first[0]))
        let later = enqueue(3...6, into: coordinator)
        #expect(coordinator.snapshot().map(\.id) == [first[0], later[2], later[3]])
        #expect(coordinator.snapshot().map(\.isPinned) == [true, false, false])
        #expect(coordinator.unpin(first[0]))
        #expect(coordinator.snapshot().map(\.id) == [later[2], later[3]])
    }

    @Test func aQueuedOrRunningOperationCanBePinned() throws {
        let coordinator = try stage.coordinator { $0.maxTrackedOperations = 0 }
        let ids = enqueue(1...3, into: coordinator)
        #expect(coordinator.pin(ids[0]))
        #expect(coordinator.pin(ids[1]))
        #expect(coordinator.pin(ids[2]))
        #expect(coordinator.unpin(ids[2]))
        #expect(coordinator.operations(in: .running).map(\.isPinned) == [true])
        stage.open()
        #expect(coordinator.snapshot().map(\.id) == Array(ids.prefix(2)))
    }

    @Test func evictTakesFinishedOperationsOnlyPinnedOnesIncluded() throws {
        let log = EventLog()
        let coordinator = try stage.coordinator { $0.observer = log }
        let ids = enqueue(1...3, into: coordinator)
        stage.release()
        #expect(coordinator.pin(ids[0]))
        #expect(!coordinator.evict(ids[1]))
        #expect(!coordinator.evict(ids[2]))
        #expect(!coordinator.evict(OperationID(rawValue: 1)))
        #expect(coordinator.evict(ids[0]))
        #expect(!coordinator.evict(ids[0]))
        #expect(log.finalized.elements.map(\.id) == [ids[0]])
        #expect(!coordinator.pin(ids[0]))
        stage.open()
        #expect(coordinator.snapshot().map(\.id) == Array(ids.suffix(2)))
    }

    @Test func everyWayOutOfTheWindowIsReportedOnce() throws {
        let log = EventLog()
        let coordinator = try stage.coordinator {
            $0.maxTrackedOperations = 2
            $0.maxOperationLifetime = .seconds(10)
            $0.observer = log
        }
        stage.gate.open()
        let ids = enqueue(1...4, into: coordinator)
        #expect(log.finalized.elements.map(\.id) == Array(ids.prefix(2)))
        #expect(coordinator.evict(ids[2]))
        stage.time.advance(by: .seconds(10))
        let last = enqueue(5...5, into: coordinator)
        #expect(log.finalized.elements.map(\.id) == ids)
        #expect(coordinator.snapshot().map(\.id) == last)
    }

    @Test func selectionsTellOutcomesApart() throws {
        let coordinator = try WorkCoordinator<Int>(options: stage.options()) { [gate = stage.gate] item in
            if item == 2 { throw Failure(number: 2) }
            if item == 3 { try await gate.wait() }
        }
        let ids = enqueue(1...4, into: coordinator)
        #expect(coordinator.operations(in: .completed).map(\.id) == [ids[0]])
        #expect(coordinator.operations(in: .failed).map(\.id) == [ids[1]])
        #expect(coordinator.operations(in: .running).map(\.id) == [ids[2]])
        #expect(coordinator.operations(in: .finished).map(\.id) == Array(ids.prefix(2)))
        coordinator.cancel()
        stage.run()
        #expect(coordinator.operations(in: .cancelled).count == 2)
        #expect(coordinator.operations(in: .finished).count == 4)
        #expect(coordinator.operations(in: .running).isEmpty)
    }

    @Test func aSnapshotDoesNotChange() throws {
        let coordinator = try stage.coordinator()
        _ = enqueue(1...1, into: coordinator)
        let before = coordinator.snapshot()
        stage.open()
        #expect(before.map(\.outcome.name) == ["running"])
        #expect(coordinator.snapshot().map(\.outcome.name) == ["completed"])
    }
}
