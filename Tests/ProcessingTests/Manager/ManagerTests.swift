import EphemeralTesting
import EphemeralTime
import Processing
import Testing

/// Storing jobs, and what operators see and do.
@Suite(.timeLimit(.minutes(1)))
struct ManagerTests {
    @Test func aJobIsStoredWithAllThatWasSaid() async throws {
        let rig = try Rig()
        let receipt = try await rig.manager.process(
            Rig.Item(number: 3),
            processor: "note",
            queueName: "mails",
            priority: .high,
            maxAttempts: 9,
            tags: ["a"]
        )
        let job = try #require(
            try await rig.store.claim(
                ClaimRequest(worker: .next(), queues: ["mails"], count: 1, lease: .seconds(1))
            ).first?.job
        )
        #expect(job.id == receipt.id)
        #expect(job.operation == "note")
        #expect(job.priority == .high)
        #expect(job.maxAttempts == 9)
        #expect(job.tags == ["a"])
        #expect(String(decoding: job.payload, as: UTF8.self) == "{\"number\":3}")
        #expect(rig.count(of: "queue.enqueued:mails:high") == 1)
    }

    @Test func aDuplicateIsNotAnnounced() async throws {
        let rig = try Rig()
        let key = JobRequest.Idempotency("order-7")
        for _ in 0..<2 {
            try await rig.manager.process(Rig.Item(number: 3), processor: "note", idempotency: key)
        }
        #expect(rig.count(of: "queue.enqueued:default:normal") == 1)
        #expect(try await rig.status().enqueued == 1)
    }

    @Test func anEntityThatIsNoJSONIsRefused() async throws {
        let rig = try Rig()
        await #expect(throws: ProcessingError(code: .malformedPayload, message: "")) {
            try await rig.manager.process(Double.nan, processor: "note")
        }
        #expect(try await rig.status().enqueued == 0)
    }

    @Test func aStoreThatDoesNotTakeAJobSaysSo() async throws {
        let rig = try Rig()
        rig.store.fail(.enqueue)
        await #expect(throws: StoreDouble.down) { try await rig.enqueue("note") }
    }

    @Test func theStatusShowsAllKnownQueues() async throws {
        let rig = try Rig()
        try await rig.manager.process(1, processor: "note", queueName: "b")
        try await rig.manager.process(1, processor: "note", queueName: "a", delay: .seconds(5))
        let status = try await rig.manager.queueStatus()
        #expect(status.map(\.queue) == ["a", "b"])
        #expect(status.map(\.delayed) == [1, 0])
        #expect(status.map(\.totalWaiting) == [0, 1])
    }

    @Test func aDeadLetterCanBeRequeuedAndSucceed() async throws {
        let rig = try Rig()
        let id = try await rig.enqueue("refuse")
        let worker = try rig.worker()
        try worker.start()
        try await rig.signal("job.deadletter:default:\(id)")
        await worker.stop()
        var processors = ProcessorRegistry()
        try processors.register("refuse") { (item: Rig.Item, context) in rig.starts.record(context.attempt) }
        let mended = try ProcessingManager(store: rig.store, processors: processors, options: rig.manager.options)
        #expect(try await mended.requeueDeadLetters(.jobs([id]), in: "default") == [id])
        let second = try ProcessingWorker(mended)
        try second.start()
        try await rig.signal("job.completed")
        await second.stop()
        #expect(rig.starts.elements == [1])
        #expect(try await mended.deadLetters(in: "default") == [])
    }

    @Test(arguments: ["backupTTL", "backupAlarm", "emergencyLease", "resolvedMemory", "maxAttempts"])
    func optionsOutsideTheirRangeAreRefused(_ name: String) throws {
        let error = #expect(throws: ProcessingError.self) {
            _ = try Rig { options in
                switch name {
                case "backupTTL": options.backupTTL = .zero
                case "backupAlarm": options.backupAlarm = 1.5
                case "emergencyLease": options.emergencyLease = .zero
                case "resolvedMemory": options.resolvedMemory = .seconds(-1)
                default: options.maxAttempts = 0
                }
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.hasPrefix(name + " is ") == true)
    }

    @Test func freeFunctionsUseTheManagerOfTheProcess() async throws {
        let rig = try Rig()
        let store = MemoryProcessingStore(time: rig.time)
        let manager = try configure(store: store, processors: rig.manager.processors)
        #expect(try configuredManager() === manager)
        let receipt = try await process(Rig.Item(number: 1), processor: "note")
        #expect(try await store.status(of: ["default"])[0].totalWaiting == 1)
        #expect(!receipt.isDuplicate)
        #expect(try await processCritical(4) { number, _ in number * 2 } == 8)
    }
}
