import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SourceTests {
    let stage = Stage()

    private func coordinator(
        _ source: some AsyncSequence<Int, any Error> & Sendable,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> WorkCoordinator<Int> {
        var options = stage.options()
        configure(&options)
        return try WorkCoordinator(consuming: source, options: options) { [stage] item, _ in
            stage.starts.record(item)
            try await stage.gate.wait()
            stage.ends.record(item)
        }
    }

    @Test func drainWaitsForTheEndOfTheSequenceAndOfItsItems() throws {
        let (source, feed) = AsyncThrowingStream<Int, any Error>.makeStream()
        let coordinator = try coordinator(source)
        stage.gate.open()
        let drain = stage.call { try await coordinator.drain() }
        feed.yield(1)
        stage.run()
        #expect(stage.ends.elements == [1])
        #expect(drain.isSuspended)
        #expect(!coordinator.isDrained)
        feed.yield(2)
        feed.finish()
        stage.run()
        #expect(stage.ends.elements == [1, 2])
        #expect(drain.hasSucceeded)
        #expect(coordinator.isDrained)
    }

    @Test func sourceErrorSurfacesAfterRunningItemsEnd() throws {
        let coordinator = try coordinator(streamed([1, 2], failure: Failure(number: 4)))
        let drain = stage.call { try await coordinator.drain() }
        #expect(stage.starts.elements == [1])
        #expect(!coordinator.tryEnqueue(9))
        stage.release()
        #expect(drain.isSuspended)
        stage.open()
        #expect(drain.error as? Failure == Failure(number: 4))
        #expect(stage.ends.elements == [1, 2])
        #expect(coordinator.stats.completed == 2)
        let again = stage.call { try await coordinator.drain() }
        #expect(again.error as? Failure == Failure(number: 4))
        let shutdown = stage.call { await coordinator.shutdown() }
        #expect(shutdown.hasSucceeded)
    }

    @Test func theSequenceIsTakenAtThePaceOfTheBodies() throws {
        let taken = Journal<Int>()
        let source = AsyncThrowingStream<Int, any Error>(unfolding: {
            taken.record(taken.count)
            return taken.count > 50 ? nil : taken.count
        })
        let coordinator = try coordinator(source) { $0.queueCapacity = 2 }
        stage.run()
        // One runs, two are queued, one waits for room.
        #expect(taken.count == 4)
        stage.open()
        #expect(coordinator.stats.completed == 50)
    }

    @Test func cancelEndsTheSequenceToo() throws {
        let (source, feed) = AsyncThrowingStream<Int, any Error>.makeStream()
        let terminated = Journal<Bool>()
        feed.onTermination = { _ in terminated.record(true) }
        let coordinator = try coordinator(source)
        stage.run()
        let shutdown = stage.call { await coordinator.shutdown() }
        #expect(shutdown.hasSucceeded)
        #expect(terminated.elements == [true])
        let drain = stage.call { try await coordinator.drain() }
        #expect(drain.hasSucceeded)
    }

    @Test func finishEndsTheSequenceToo() throws {
        let (source, feed) = AsyncThrowingStream<Int, any Error>.makeStream()
        let coordinator = try coordinator(source)
        feed.yield(1)
        stage.run()
        coordinator.finish()
        let drain = stage.call { try await coordinator.drain() }
        #expect(drain.isSuspended)
        stage.open()
        #expect(drain.hasSucceeded)
        #expect(stage.ends.elements == [1])
    }

    @Test func aDroppedCoordinatorLetsGoOfItsSequence() throws {
        let (source, feed) = AsyncThrowingStream<Int, any Error>.makeStream()
        let terminated = Journal<Bool>()
        feed.onTermination = { _ in terminated.record(true) }
        do {
            let coordinator = try coordinator(source)
            stage.run()
            #expect(!coordinator.isFinished)
        }
        stage.run()
        #expect(terminated.elements == [true])
    }
}
