import EphemeralTesting
import Processing
import Testing

/// Leases, and stores that fail.
@Suite(.timeLimit(.minutes(1)))
struct WorkerLeaseTests {
    private static let lease = Duration.seconds(30)

    @Test func signsOfLifeKeepAJobThatTakesLongerThanItsLease() async throws {
        let rig = try Rig()
        let worker = try rig.worker { $0.lease = Self.lease }
        try await rig.enqueue("wait", 1)
        try worker.start()
        try await rig.gate.arrivals(1)
        for beat in 1...9 {
            // The first one was sent at the start.
            try await rig.store.answers(beat, of: .heartbeat)
            try await rig.sleeper(for: Self.lease / 3)
            rig.time.advance(by: Self.lease / 3)
        }
        let report = try await rig.store.inner.reapExpired(in: ["default"], lease: Self.lease)
        #expect(report == ReapReport())
        rig.gate.open()
        try await rig.signal("job.completed")
        await worker.stop()
        #expect(rig.starts.elements == [1])
    }

    @Test func aLostLeaseCancelsTheProcessorAndItsResultIsDiscarded() async throws {
        let rig = try Rig()
        let worker = try rig.worker { $0.lease = Self.lease }
        let id = try await rig.enqueue("wait", 1)
        rig.store.fail(.reap)
        try worker.start()
        try await rig.gate.arrivals(1)
        try await rig.store.answers(1, of: .heartbeat)
        try await rig.sleeper(for: Self.lease / 3)
        // The worker would claim the job again that comes back, and stop only when its grace is over.
        rig.store.fail(.heartbeat, .claim)
        // Nobody hears of the worker for a while, and somebody else notices.
        rig.time.advance(by: Self.lease)
        try await rig.signal("job.lease_lost:default")
        let report = try await rig.store.inner.reapExpired(in: ["default"], lease: Self.lease)
        #expect(report.returned == [id])
        #expect(worker.stats.leasesLost == 1)
        #expect(worker.stats.done == 0)
        await worker.stop()
    }

    @Test func aHeartbeatThatIsToldOfALostLeaseCancelsTheProcessor() async throws {
        let rig = try Rig()
        let worker = try rig.worker { $0.lease = Self.lease }
        try await rig.enqueue("wait", 1)
        try worker.start()
        try await rig.gate.arrivals(1)
        try await rig.store.answers(1, of: .heartbeat)
        try await rig.sleeper(for: Self.lease / 3)
        rig.store.fail(.claim)
        // As if somebody had reaped the lease between two heartbeats.
        let lease = try #require(rig.store.claimed.elements.first).lease
        let outcomes = try await rig.store.inner.settle([JobSettlement(lease, .release)])
        #expect(outcomes == [.released])
        rig.time.advance(by: Self.lease / 3)
        try await rig.signal("job.lease_lost:default")
        #expect(rig.gate.waitingCount == 0)
        await worker.stop()
    }

    @Test func aStoreThatComesBackIsWorkedOnAgain() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        rig.store.fail(.claim, times: 3)
        try await rig.enqueue("note", 1)
        try worker.start()
        while rig.starts.count == 0 {
            try await rig.time.nextSleep()
            rig.time.advance(by: .seconds(1))
            if worker.stats.claimed > 0 { break }
        }
        try await rig.signal("job.completed")
        #expect(worker.health.problem == nil)
        await worker.stop()
    }

    @Test func theEndOfAnAttemptIsReportedAgainWhenTheStoreDoesNotAnswer() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        rig.store.fail(.settle, times: 1, with: ProcessingError(code: .outcomeUnknown, message: "no answer"))
        try await rig.enqueue("note", 1)
        try worker.start()
        while worker.stats.done == 0 {
            try await rig.time.nextSleep()
            rig.time.advance(by: .seconds(1))
            if rig.store.answered.elements.contains(.settle) { break }
        }
        try await rig.signal("job.completed")
        await worker.stop()
        #expect(rig.starts.elements == [1])
        #expect(try await rig.status().done == 1)
    }

    @Test func aStoreThatWasShutDownEndsTheWorker() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try worker.start()
        await rig.store.shutdown()
        try await rig.signal("worker.stopped")
        #expect(!worker.health.isHealthy)
    }
}
