import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FlowTests {
    let stage = Stage()

    @Test func operationsStartInTheOrderOfAcceptanceNeverMoreThanTheLimit() throws {
        let coordinator = try stage.coordinator(3)
        for item in 1...9 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [1, 2, 3])
        #expect(coordinator.activeCount == 3)
        stage.release()
        #expect(stage.starts.elements == [1, 2, 3, 4])
        #expect(coordinator.stats.isConsistent)
        stage.open()
        #expect(stage.starts.elements == Array(1...9))
    }

    @Test func withALimitOfOneOperationsEndInOrder() throws {
        let coordinator = try stage.coordinator()
        for item in 1...20 { #expect(coordinator.tryEnqueue(item)) }
        stage.open()
        #expect(stage.ends.elements == Array(1...20))
    }

    @Test func bodiesNeverRunOnTheEnqueuingTask() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.tryEnqueue(1))
        stage.call { try await coordinator.enqueue(2) }
        let inline = Journal<Int>()
        let immediate = try WorkCoordinator<Int>(options: stage.options()) { inline.record($0) }
        let caller = stage.executor.spawn {
            try await immediate.enqueue(1)
            #expect(inline.elements.isEmpty)
        }
        stage.executor.runNext()
        stage.run()
        #expect(inline.elements == [1])
        #expect(!caller.isCancelled)
        stage.open()
    }

    @Test func idleWorkersAreReusedInsteadOfNewOnes() throws {
        let coordinator = try stage.coordinator(4)
        stage.gate.open()
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(coordinator.tryEnqueue(2))
        // One job: the parked worker is resumed, nothing is created.
        #expect(stage.executor.jobCount == 1)
        stage.run()
        #expect(stage.ends.elements == [1, 2])
    }

    @Test func pauseStopsStartsAtOnce() throws {
        let coordinator = try stage.coordinator(2)
        for item in 1...4 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        coordinator.pause()
        coordinator.pause()
        #expect(coordinator.isPaused)
        stage.release()
        #expect(stage.starts.elements == [1, 2])
        #expect(coordinator.stats.completed == 1)
        coordinator.resume()
        stage.run()
        #expect(stage.starts.elements == [1, 2, 3])
        #expect(!coordinator.isPaused)
        stage.open()
        #expect(stage.starts.elements == [1, 2, 3, 4])
    }

    @Test func pauseHoldsAnItemWhoseWorkerIsAlreadyOnItsWay() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.tryEnqueue(1))
        #expect(stage.executor.jobCount == 1)
        coordinator.pause()
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        coordinator.resume()
        stage.open()
        #expect(stage.starts.elements == [1])
    }

    @Test func finishTwiceIsHarmless() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.tryEnqueue(1))
        coordinator.finish()
        coordinator.finish()
        #expect(coordinator.isFinished)
        #expect(!coordinator.isDrained)
        stage.open()
        #expect(coordinator.isDrained)
        coordinator.cancel()
        coordinator.finish()
        #expect(coordinator.stats.completed == 1)
    }

    @Test func drainWaitsForQueuedAndRunningOperations() throws {
        let coordinator = try stage.coordinator()
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        let drains = [stage.call { try await coordinator.drain() }, stage.call { try await coordinator.drain() }]
        #expect(!coordinator.tryEnqueue(4))
        stage.release(2)
        #expect(drains.allSatisfy { $0.isSuspended })
        stage.release()
        #expect(drains.allSatisfy { $0.hasSucceeded })
        let late = stage.call { try await coordinator.drain() }
        #expect(late.hasSucceeded)
        #expect(stage.ends.elements == [1, 2, 3])
    }

    @Test func drainOfAnEmptyCoordinatorReturnsAtOnce() throws {
        let coordinator = try stage.coordinator()
        #expect(!coordinator.isDrained)
        let call = stage.call { try await coordinator.drain() }
        #expect(call.hasSucceeded)
        #expect(coordinator.isDrained)
    }

    @Test func drainOfAPausedCoordinatorWaitsForItsResumption() throws {
        let coordinator = try stage.coordinator()
        coordinator.pause()
        #expect(coordinator.tryEnqueue(1))
        let drain = stage.call { try await coordinator.drain() }
        stage.open()
        #expect(drain.isSuspended)
        coordinator.resume()
        stage.run()
        #expect(drain.hasSucceeded)
    }

    @Test func aCancelledDrainThrowsAndTheCoordinatorGoesOn() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.tryEnqueue(1))
        let drain = stage.call { try await coordinator.drain() }
        drain.task.cancel()
        stage.run()
        #expect(drain.error is CancellationError)
        #expect(coordinator.isFinished)
        stage.open()
        #expect(stage.ends.elements == [1])
        #expect(coordinator.isDrained)
    }

    @Test func waitUntilIdleLeavesTheIntakeOpen() throws {
        let coordinator = try stage.coordinator()
        let call = stage.call { try await coordinator.waitUntilIdle() }
        #expect(call.hasSucceeded)
        #expect(coordinator.tryEnqueue(1))
        let idle = stage.call { try await coordinator.waitUntilIdle() }
        #expect(idle.isSuspended)
        stage.open()
        #expect(idle.hasSucceeded)
        #expect(coordinator.tryEnqueue(2))
        stage.run()
        #expect(stage.ends.elements == [1, 2])
    }

    @Test func waitUntilIdleCountsCallersThatWaitForRoom() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 1 }
        let calls = (1...3).map { item in stage.call { try await coordinator.enqueue(item) } }
        let idle = stage.call { try await coordinator.waitUntilIdle() }
        stage.release(2)
        #expect(calls[2].hasSucceeded)
        #expect(idle.isSuspended)
        stage.open()
        #expect(idle.hasSucceeded)
        #expect(stage.ends.elements == [1, 2, 3])
    }

    @Test func bodiesThatThrowAreCountedAndStopNothing() throws {
        let coordinator = try WorkCoordinator<Int>(options: stage.options()) { item in
            if item.isMultiple(of: 2) { throw Failure(number: item) }
        }
        for item in 1...5 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(coordinator.stats.completed == 3)
        #expect(coordinator.stats.failed == 2)
        let errors = coordinator.operations(in: .failed).map { $0.error as? Failure }
        #expect(errors == [Failure(number: 2), Failure(number: 4)])
    }

    @Test func theScopedFormDrainsAndReturnsTheResult() throws {
        let ends = stage.ends
        let result = Journal<Int>()
        let options = stage.options(2)
        let call = stage.call {
            result.record(
                try await withWorkCoordinator(options: options) { (item: Int, _) in
                    ends.record(item)
                } run: { coordinator in
                    try await coordinator.enqueue(contentsOf: 1...5)
                }
            )
        }
        #expect(call.hasSucceeded)
        #expect(result.elements == [5])
        #expect(ends.elements.sorted() == [1, 2, 3, 4, 5])
    }

    @Test func theScopedFormShutsDownWhenItsClosureThrows() throws {
        let (options, gate, cancelled) = (stage.options(), stage.gate, Journal<Int>())
        let call = stage.call {
            try await withWorkCoordinator(options: options) { (item: Int, _) in
                do { try await gate.wait() } catch { cancelled.record(item) }
            } run: { coordinator in
                try await coordinator.enqueue(contentsOf: 1...2)
                try await gate.arrivals(1)
                throw Failure(number: 1)
            }
        }
        #expect(call.error as? Failure == Failure(number: 1))
        #expect(cancelled.elements == [1])
    }
}
