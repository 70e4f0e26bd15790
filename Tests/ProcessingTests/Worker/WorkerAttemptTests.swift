import EphemeralTesting
import Processing
import Testing

/// What a worker does with one job after the other.
@Suite(.timeLimit(.minutes(1)))
struct WorkerAttemptTests {
    @Test func aStoredJobRunsOnceAndIsDone() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try await rig.enqueue("note", 7)
        try worker.start()
        try await rig.signal("job.completed")
        await worker.stop()
        #expect(rig.starts.elements == [7])
        #expect(try await rig.status().done == 1)
        #expect(worker.stats.done == 1)
    }

    @Test func aWaitingWorkerStartsAJobThatIsStored() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try worker.start()
        try await rig.enqueue("note", 1)
        try await rig.signal("job.completed")
        await worker.stop()
        #expect(rig.starts.elements == [1])
    }

    @Test func aFailedJobComesBackUntilItsAttemptsAreUsedUp() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        let id = try await rig.enqueue("fail")
        try worker.start()
        try await rig.signal("job.retry:1")
        #expect(try await rig.status().delayed == 1)
        rig.time.advance(by: .seconds(4))
        try await rig.signal("job.retry:2")
        rig.time.advance(by: .seconds(8))
        try await rig.signal("job.deadletter:default:\(id)")
        await worker.stop()
        #expect(rig.starts.elements == [1, 2, 3])
        let letter = try #require(try await rig.manager.deadLetters(in: "default").first)
        #expect(letter.reason == .attemptsExhausted)
        #expect(letter.error == "the printer is on fire")
        #expect(letter.worker == worker.id)
    }

    @Test(arguments: [
        ("no-such-processor", DeathReason.unknownProcessor), ("refuse", .refused),
    ])
    func whatCannotSucceedIsBuriedAtOnce(_ processor: String, _ reason: DeathReason) async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        let id = try await rig.enqueue(processor)
        try await rig.enqueue("note", 2)
        try worker.start()
        try await rig.signal("job.completed")
        await worker.stop()
        #expect(rig.starts.elements == [2])
        let letters = try await rig.manager.deadLetters(in: "default")
        #expect(letters.map(\.job.id) == [id])
        #expect(letters.map(\.reason) == [reason])
        #expect(worker.stats.retried == 0)
    }

    @Test(arguments: ["{\"number\":", "{\"number\":\"one\"}", "{}", "", "\u{0}"])
    func aMalformedPayloadIsBuriedWithItsBytesAndTheNextJobRuns(_ text: String) async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        let payload = Array(text.utf8) + [0xFF]
        _ = try await rig.store.enqueue([JobRequest(operation: "note", payload: payload)], in: "default")
        try await rig.enqueue("note", 2)
        try worker.start()
        try await rig.signal("job.completed")
        await worker.stop()
        let letter = try #require(try await rig.manager.deadLetters(in: "default").first)
        #expect(letter.reason == .malformedPayload)
        #expect(letter.job.payload == payload)
        #expect(letter.error.contains("note"))
        #expect(rig.starts.elements == [2])
    }

    @Test func noMoreJobsRunAtATimeThanTheOptionsSay() async throws {
        let rig = try Rig()
        let worker = try rig.worker(3)
        for number in 1...5 { try await rig.enqueue("wait", number) }
        try worker.start()
        try await rig.gate.arrivals(3)
        #expect(try await rig.status().running == 3)
        #expect(rig.gate.waitingCount == 3)
        rig.gate.open()
        try await rig.signal("job.completed", times: 5)
        await worker.stop()
        #expect(Set(rig.starts.elements) == [1, 2, 3, 4, 5])
    }

    @Test func jobsStartByPriorityThenInOrder() async throws {
        let rig = try Rig()
        let worker = try rig.worker()
        try await rig.enqueue("note", 5, priority: .low)
        try await rig.enqueue("note", 3)
        try await rig.enqueue("note", 4)
        try await rig.enqueue("note", 1, priority: .high)
        try await rig.enqueue("note", 2, priority: .high)
        try worker.start()
        try await rig.signal("job.completed", times: 5)
        await worker.stop()
        #expect(rig.starts.elements == [1, 2, 3, 4, 5])
    }

    @Test func aFairWorkerLooksAtTheLeastUrgentFromTimeToTime() async throws {
        let rig = try Rig()
        let worker = try rig.worker { $0.fairness = 2 }
        for number in 1...3 { try await rig.enqueue("note", number, priority: .high) }
        try await rig.enqueue("note", 10, priority: .low)
        try worker.start()
        try await rig.signal("job.completed", times: 4)
        await worker.stop()
        #expect(rig.starts.elements == [1, 10, 2, 3])
    }

    @Test func aWorkerOfAllQueuesFindsNewOnes() async throws {
        let rig = try Rig()
        let worker = try rig.worker { $0.queues = nil }
        try await rig.manager.process(Rig.Item(number: 1), processor: "note", queueName: "mails")
        try worker.start()
        while worker.stats.claimed == 0 {
            try await rig.time.nextSleep()
            rig.time.advance(by: .seconds(1))
        }
        try await rig.signal("job.completed")
        await worker.stop()
        #expect(rig.starts.elements == [1])
    }

    @Test func theContextNamesTheJobTheAttemptAndTheQueue() async throws {
        let rig = try Rig()
        let contexts = Journal<ProcessingContext>()
        var processors = ProcessorRegistry()
        try processors.register("look") { (_: Rig.Item, context) in contexts.record(context) }
        let manager = try ProcessingManager(store: rig.store, processors: processors, options: rig.manager.options)
        let worker = try ProcessingWorker(manager)
        let receipt = try await manager.process(Rig.Item(number: 1), processor: "look", tags: ["a", "b"])
        try worker.start()
        let context = try await contexts.first(1)[0]
        await worker.stop()
        #expect(context.operationID == receipt.id.rawValue)
        #expect(context.attempt == 1)
        #expect(context.queue == "default")
        #expect(context.tags == ["a", "b"])
    }
}
