import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct IntakeBehaviourTests {
    let stage = Stage()

    @Test func enqueueSuspendsWhenTheQueueIsFull() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 2 }
        let first = stage.call { for item in 1...3 { try await coordinator.enqueue(item) } }
        #expect(first.hasSucceeded)
        #expect(coordinator.stats.pending == 2)
        let second = stage.call { try await coordinator.enqueue(4) }
        #expect(second.isSuspended)
        #expect(coordinator.stats.enqueued == 3)
        stage.release()
        #expect(second.hasSucceeded)
        #expect(coordinator.stats.enqueued == 4)
        stage.open()
        #expect(stage.starts.elements == [1, 2, 3, 4])
    }

    @Test func suspendedCallersAreLetInInTheirOrder() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 1 }
        let calls = (1...5).map { item in stage.call { try await coordinator.enqueue(item) } }
        #expect(calls.map(\.isSuspended) == [false, false, true, true, true])
        stage.release()
        #expect(calls.map(\.isSuspended) == [false, false, false, true, true])
        stage.open()
        #expect(stage.starts.elements == [1, 2, 3, 4, 5])
    }

    @Test func tryEnqueueIsRefusedByAFullQueueAndDoesNotPassSuspendedCallers() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 1 }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(coordinator.tryEnqueue(2))
        #expect(!coordinator.tryEnqueue(99))
        let waiting = stage.call { try await coordinator.enqueue(3) }
        #expect(!coordinator.tryEnqueue(99))
        #expect(coordinator.stats.enqueued == 2)
        stage.open()
        #expect(waiting.hasSucceeded)
        #expect(stage.starts.elements == [1, 2, 3])
    }

    @Test func anUnboundedQueueNeverSuspends() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = nil }
        let call = stage.call { for item in 0..<10_000 { try await coordinator.enqueue(item) } }
        #expect(call.hasSucceeded)
        #expect(coordinator.pendingCount == 9999)
        stage.open()
        #expect(stage.starts.elements == Array(0..<10_000))
    }

    /// The clock is read before each of the locks that a worker takes on its way to rest, and under them: an item arrives at
    /// each of these moments, and no other ever follows.
    @Test(arguments: 1...3)
    func anItemThatArrivesWhileTheOnlyWorkerGoesToRestIsRun(_ reading: Int) throws {
        let time = InterruptedTimeSource()
        var options = stage.options()
        options.time = time
        let coordinator = try WorkCoordinator<Int>(options: options) { [gate = stage.gate] _ in try await gate.wait() }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        let arrivals = Journal<Bool>()
        time.interrupt(atReading: reading) { arrivals.record(coordinator.tryEnqueue(2)) }
        stage.open()
        #expect(arrivals.elements == [true])
        #expect(coordinator.stats.completed == 2)
    }

    @Test func aWindowOfOneDoesNotMakeProducersWait() throws {
        let coordinator = try stage.coordinator { $0.maxTrackedOperations = 1 }
        let call = stage.call { for item in 0..<1000 { try await coordinator.enqueue(item) } }
        #expect(call.hasSucceeded)
        stage.open()
        #expect(coordinator.stats.completed == 1000)
        #expect(coordinator.snapshot().count == 1)
    }

    @Test func aCancelledCallerLeavesCountersUntouched() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 1 }
        stage.call { for item in 1...2 { try await coordinator.enqueue(item) } }
        let before = coordinator.stats
        let caller = stage.call { try await coordinator.enqueue(3) }
        caller.task.cancel()
        stage.run()
        #expect(caller.error is CancellationError)
        #expect(coordinator.stats == before)
        stage.open()
        #expect(stage.starts.elements == [1, 2])
    }

    @Test func aCallerThatIsCancelledAlreadyEnqueuesNothing() throws {
        let coordinator = try stage.coordinator()
        let caller = stage.call(cancelled: true) { try await coordinator.enqueue(1) }
        #expect(caller.error is CancellationError)
        #expect(coordinator.stats.enqueued == 0)
    }

    @Test func aCancelledCallerMakesWayForTheNext() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 1 }
        let calls = (1...4).map { item in stage.call { try await coordinator.enqueue(item) } }
        calls[2].task.cancel()
        stage.open()
        #expect(calls[2].error is CancellationError)
        #expect(calls[3].hasSucceeded)
        #expect(stage.starts.elements == [1, 2, 4])
    }

    @Test func enqueueAfterTheEndIsRefused() throws {
        let coordinator = try stage.coordinator()
        coordinator.finish()
        let call = stage.call { try await coordinator.enqueue(1) }
        #expect((call.error as? CoordinatorError)?.code == .completed)
        #expect(!coordinator.tryEnqueue(1))
        #expect(coordinator.stats.enqueued == 0)
    }

    @Test(arguments: [true, false])
    func closingTurnsSuspendedCallersAway(_ byFinish: Bool) throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 1 }
        let calls = (1...4).map { item in stage.call { try await coordinator.enqueue(item) } }
        if byFinish { coordinator.finish() } else { coordinator.cancel() }
        stage.run()
        #expect(calls.map { ($0.error as? CoordinatorError)?.code } == [nil, nil, .completed, .completed])
        #expect(coordinator.stats.enqueued == 2)
        stage.open()
        #expect(coordinator.isDrained)
    }

    @Test func manyItemsAreTakenUntilTheFirstRefusal() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 2 }
        let taken = Journal<Int>()
        let call = stage.call { taken.record(try await coordinator.enqueue(contentsOf: 1...10)) }
        #expect(call.isSuspended)
        coordinator.finish()
        stage.run()
        #expect(taken.elements == [3])
        stage.open()
        #expect(stage.starts.elements == [1, 2, 3])
    }

    @Test func theIdentityOfEnqueueIsTheOneInTheWindow() throws {
        let coordinator = try stage.coordinator()
        let ids = Journal<OperationID>()
        stage.call { for item in 1...3 { ids.record(try await coordinator.enqueue(item)) } }
        stage.open()
        #expect(coordinator.snapshot().map(\.id) == ids.elements)
        #expect(Set(ids.elements).count == 3)
    }

    @Test func selfEnqueueFromABodyWithAFullQueueDoesNotDeadlock() throws {
        let box = Journal<WorkCoordinator<Int>>()
        var options = stage.options()
        options.queueCapacity = 1
        let coordinator = try WorkCoordinator<Int>(options: options) { [starts = stage.starts] item in
            starts.record(item)
            guard item == 1, let own = box.elements.first else { return }
            for child in 11...13 { try await own.enqueue(child) }
            await withTaskGroup { group in
                group.addTask { _ = try? await own.enqueue(14) }
            }
        }
        box.record(coordinator)
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.starts.elements == [1, 11, 12, 13, 14])
        #expect(coordinator.stats.overflowed == 3)
        #expect(coordinator.stats.completed == 5)
    }

    @Test func aBodyOfAnotherCoordinatorWaitsForRoom() throws {
        let full = try stage.coordinator { $0.queueCapacity = 1 }
        stage.call { for item in 1...2 { try await full.enqueue(item) } }
        let feeder = try WorkCoordinator<Int>(options: stage.options()) { try await full.enqueue($0) }
        #expect(feeder.tryEnqueue(3))
        stage.run()
        #expect(feeder.activeCount == 1)
        #expect(full.stats.overflowed == 0)
        stage.open()
        #expect(feeder.stats.completed == 1)
    }
}
