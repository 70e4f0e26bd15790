import EphemeralTesting
import Processing
import Testing

/// The beginning and the end of a worker.
@Suite(.timeLimit(.minutes(1)))
struct WorkerStopTests {
    @Test func runningJobsMayGoOnAfterAStop() async throws {
        let rig = try Rig()
        let worker = try rig.worker(2)
        for number in 1...3 { try await rig.enqueue("wait", number) }
        try worker.start()
        try await rig.gate.arrivals(2)
        async let stop: Void = worker.stop()
        try await rig.signal("worker.stopping")
        rig.gate.open()
        await stop
        #expect(rig.starts.elements.count == 2)
        let status = try await rig.status()
        #expect([status.done, status.totalWaiting, status.running] == [2, 1, 0])
        #expect(rig.count(of: "worker.stopped") == 1)
    }

    @Test func whatIsLeftAfterTheGraceIsHandedBackWithoutAnAttempt() async throws {
        let rig = try Rig()
        let worker = try rig.worker(2)
        for number in 1...2 { try await rig.enqueue("wait", number) }
        try worker.start()
        try await rig.gate.arrivals(2)
        await worker.stop(grace: .zero)
        let status = try await rig.status()
        #expect([status.done, status.totalWaiting, status.running, status.retried] == [0, 2, 0, 0])
        #expect(worker.stats.released == 2)
        let jobs = try await rig.store.claim(
            ClaimRequest(worker: .next(), queues: ["default"], count: 9, lease: .seconds(1))
        )
        #expect(jobs.map(\.job.attempts) == [0, 0])
    }

    @Test func claimedJobsThatHaveNotBegunAreHandedBack() async throws {
        let rig = try Rig()
        let worker = try rig.worker(1) { $0.prefetch = 3 }
        for number in 1...4 { try await rig.enqueue("wait", number) }
        try worker.start()
        try await rig.gate.arrivals(1)
        async let stop: Void = worker.stop()
        try await rig.signal("worker.stopping")
        rig.gate.open()
        await stop
        let status = try await rig.status()
        #expect([status.done, status.totalWaiting, status.running] == [1, 3, 0])
        #expect(rig.starts.elements == [1])
    }

    @Test func aProcessorThatMindsNoCancellationIsLeftBehind() async throws {
        let rig = try Rig()
        let worker = try rig.worker { $0.cancellationPatience = .zero }
        try await rig.enqueue("stubborn", 1)
        try worker.start()
        try await rig.gate.arrivals(1)
        await worker.stop(grace: .zero)
        let status = try await rig.status()
        #expect([status.totalWaiting, status.running] == [1, 0])
        rig.gate.open()
        #expect(try await rig.status().done == 0)
    }

    @Test func aSecondStopShortensTheGrace() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try await rig.enqueue("wait", 1)
        try worker.start()
        try await rig.gate.arrivals(1)
        async let first: Void = worker.stop()
        try await rig.signal("worker.stopping")
        await worker.stop(grace: .zero)
        await first
        #expect(try await rig.status().totalWaiting == 1)
        #expect(rig.count(of: "worker.stopping") == 1)
    }

    @Test func cancellingARunStopsWithoutGrace() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try await rig.enqueue("wait", 1)
        let run = Task { try await worker.run() }
        try await rig.gate.arrivals(1)
        run.cancel()
        try await run.value
        #expect(try await rig.status().totalWaiting == 1)
        #expect(worker.stats.released == 1)
    }

    @Test func aStopWaitsForARunOfTheCallersOwn() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try await rig.enqueue("wait", 1)
        let run = Task { try await worker.run() }
        try await rig.gate.arrivals(1)
        await worker.stop(grace: .zero)
        #expect(try await rig.status().totalWaiting == 1)
        #expect(rig.count(of: "worker.stopped") == 1)
        try await run.value
    }

    @Test func startingTwiceIsStartingOnce() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try worker.start()
        try worker.start()
        await worker.stop()
        await worker.stop()
        #expect(rig.count(of: "worker.started") == 1)
        #expect(rig.count(of: "worker.stopped") == 1)
    }

    @Test func aStoppedWorkerDoesNotRunAgain() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        await worker.stop()
        #expect(throws: ProcessingError(code: .closed, message: "")) { try worker.start() }
        await #expect(throws: ProcessingError(code: .closed, message: "")) { try await worker.run() }
    }

    @Test func healthShowsWhetherTheWorkerWorks() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        #expect(!worker.health.isHealthy)
        try await rig.enqueue("wait", 1)
        try worker.start()
        try await rig.gate.arrivals(1)
        #expect(worker.health.isHealthy)
        #expect(worker.health.held == 1)
        rig.gate.open()
        await worker.stop()
        #expect(!worker.health.isRunning)
    }

    @Test func theStatusShowsTheWorker() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try worker.start()
        try await rig.store.answers(1, of: .heartbeat)
        #expect(try await rig.status().workers.keys.contains(worker.id))
        await worker.stop()
    }

    private static let mistakes: [String: @Sendable (inout WorkerOptions) -> Void] = [
        "maxWorkers": { $0.maxWorkers = 0 }, "prefetch": { $0.prefetch = -1 }, "queues": { $0.queues = [] },
        "lease": { $0.lease = .zero }, "grace": { $0.grace = .seconds(-1) }, "fairness": { $0.fairness = 1 },
        "retry.multiplier": { $0.retry.multiplier = .nan }, "retry.jitter": { $0.retry.jitter = 2 },
        "reconnect.cap": { $0.reconnect.cap = .zero }, "patience": { $0.patience = .zero },
    ]

    @Test(arguments: mistakes.keys.sorted())
    func optionsOutsideTheirRangeAreRefused(_ name: String) throws {
        let rig = try Rig()
        let change = try #require(Self.mistakes[name])
        let error = #expect(throws: ProcessingError.self) { _ = try rig.worker(1, configure: change) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.hasPrefix(name + " is ") == true)
    }
}
