import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LimitTests {
    let stage = Stage()

    private func coordinator(_ limit: Int) throws -> WorkCoordinator<Int> {
        try stage.coordinator(limit) { $0.enableDynamicConcurrency = true }
    }

    @Test func theLimitIsFixedUnlessTheOptionsAllowChanges() throws {
        let coordinator = try stage.coordinator(2)
        let error = #expect(throws: CoordinatorError.self) { try coordinator.setMaxConcurrency(3) }
        #expect(error?.code == .dynamicConcurrencyDisabled)
        #expect(coordinator.currentMaxConcurrency == 2)
    }

    @Test(arguments: [0, -1, .min])
    func aLimitBelowOneIsRefused(_ limit: Int) throws {
        let coordinator = try coordinator(2)
        let error = #expect(throws: CoordinatorError.self) { try coordinator.setMaxConcurrency(limit) }
        #expect(error?.code == .invalidArgument)
        #expect(coordinator.currentMaxConcurrency == 2)
    }

    @Test func growingStartsMoreAtOnce() throws {
        let coordinator = try coordinator(1)
        for item in 1...6 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(coordinator.activeCount == 1)
        try coordinator.setMaxConcurrency(4)
        stage.run()
        #expect(coordinator.activeCount == 4)
        #expect(coordinator.currentMaxConcurrency == 4)
        stage.open()
        #expect(coordinator.stats.completed == 6)
    }

    @Test func shrinkingTheLimitHoldsUnderBacklog() throws {
        let coordinator = try coordinator(8)
        for item in 1...40 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(coordinator.activeCount == 8)
        try coordinator.setMaxConcurrency(2)
        for released in 1...6 {
            stage.release()
            #expect(coordinator.activeCount == 8 - released)
        }
        stage.release()
        #expect(coordinator.activeCount == 2)
        #expect(stage.starts.count == 9)
        try coordinator.setMaxConcurrency(8)
        stage.run()
        #expect(coordinator.activeCount == 8)
        stage.open()
        #expect(coordinator.stats.completed == 40)
    }

    @Test func growingWhileShrunkBodiesStillRunDoesNotExceedTheLimit() throws {
        let coordinator = try coordinator(8)
        for item in 1...40 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        try coordinator.setMaxConcurrency(2)
        try coordinator.setMaxConcurrency(8)
        stage.run()
        #expect(coordinator.activeCount == 8)
        stage.release(3)
        #expect(coordinator.activeCount == 8)
        stage.open()
    }

    @Test func idleWorkersBeyondTheLimitDoNotStartAnything() throws {
        let coordinator = try coordinator(4)
        for item in 1...4 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        stage.release(4)
        try coordinator.setMaxConcurrency(1)
        stage.run()
        for item in 5...8 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(coordinator.activeCount == 1)
        stage.release()
        #expect(coordinator.activeCount == 1)
        stage.open()
        #expect(stage.ends.elements == Array(1...8))
    }

    @Test func synchronousBodiesRunInParallel() async throws {
        let meeting = Meeting(of: 2)
        var options = EphemeralOptions(maxConcurrency: 2)
        options.executor = ThreadExecutor()
        let coordinator = try WorkCoordinator<Int>(options: options) { _ in
            if !meeting.attend() { throw Failure() }
        }
        for item in 1...2 { #expect(coordinator.tryEnqueue(item)) }
        try await coordinator.drain()
        #expect(coordinator.stats.completed == 2)
    }
}
