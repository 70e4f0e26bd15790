import EphemeralTime
import Foundation
import HarnessKit
import Processing
import Synchronization
import Testing

@testable import HarnessTargets

/// The targets that keep their operations in a processing store.
@Suite(.timeLimit(.minutes(1)))
struct ProcessingTargetTests {
    private static let queue = Peer(type: QueueTarget.self)
    private static let critical = Peer(type: CriticalTarget.self)
    private static let quick = #""promoteInterval": "5ms", "retry": { "base": "1ms", "cap": "2ms" }"#

    private static func whileCutOff<Value>(
        _ instance: any TargetInstance,
        _ body: () async throws -> Value
    ) async throws -> Value {
        let faulty = try #require(instance as? any FaultyInstance)
        let cut = TargetFault(.cut, of: .store)
        try faulty.begin(cut)
        let value = try await body()
        faulty.end(cut)
        return value
    }

    @Test(arguments: ["memory", "sqlite"])
    func everyJobRunsAndTheStoreCountsIt(store: String) async throws {
        let probe = BodyProbe()
        let instance = try await Self.queue.make(options: "{\"store\": \"\(store)\", \(Self.quick)}", probe: probe)
        #expect(try await instance.feed(20, intake: .push) == 20)
        try await instance.drain()
        #expect(probe.seen.started.count == 20)
        let accounting = instance.accounting()
        #expect([accounting.enqueued, accounting.completed, accounting.pending] as [Int?] == [20, 20, 0])
        await instance.shutdown()
    }

    @Test func jobsStartByPriority() async throws {
        let (started, allIn) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { operation, _ in
            guard operation.index == 0 else { return }
            started.open()
            try await allIn.wait()
        }
        let instance = try await Self.queue.make(options: #"{"maxWorkers": 1}"#, probe: probe, lanes: ["low", "high"])
        #expect(try await instance.submit(Operation(index: 0)) == .accepted)
        try await started.wait()
        for index in 1...4 {
            #expect(try await instance.submit(Operation(index: index, lane: 1 - index % 2)) == .accepted)
        }
        allIn.open()
        try await instance.drain()
        #expect(probe.seen.order == [0, 2, 4, 1, 3])
        await instance.shutdown()
    }

    @Test func aJobThatAlwaysFailsIsDeadAfterItsAttempts() async throws {
        let probe = BodyProbe { _, _ in throw ScriptedError(name: "broken") }
        let instance = try await Self.queue.make(options: "{\"maxAttempts\": 2, \(Self.quick)}", probe: probe)
        try await instance.feed(3, intake: .push)
        try await instance.drain()
        #expect(probe.seen.started == [0: 2, 1: 2, 2: 2])
        #expect(instance.accounting().failed == 3)
        await instance.shutdown()
    }

    @Test func whoseJobsAreDeadIsToldByTheStore() async throws {
        let probe = BodyProbe { operation, _ in if operation.index != 1 { throw ScriptedError(name: "broken") } }
        let instance = try await Self.queue.make(options: "{\"maxAttempts\": 1, \(Self.quick)}", probe: probe)
        try await instance.feed(3, intake: .push)
        try await instance.drain()
        #expect(probe.seen.emitted == [0: ["job.deadletter"], 2: ["job.deadletter"]])
        await instance.shutdown()
    }

    @Test func anErrorOfTheUserIsNotTriedAgain() async throws {
        let probe = BodyProbe { _, _ in throw ScriptedError(name: "permanent") }
        let instance = try await Self.queue.make(
            options: "{\"userErrors\": [\"permanent\"], \(Self.quick)}",
            probe: probe
        )
        try await instance.feed(1, intake: .push)
        try await instance.drain()
        #expect(probe.seen.started == [0: 1])
        await instance.shutdown()
    }

    @Test func jobsAreRefusedWhileTheStoreIsCutOff() async throws {
        // A claim that waits meanwhile would lose its answer, and with it a job for as long as a lease.
        let options = "{\"startAfterLoad\": true, \(Self.quick)}"
        let instance = try await Self.queue.make(options: options, probe: BodyProbe())
        let submission = try await Self.whileCutOff(instance) { try await instance.submit(Operation(index: 0)) }
        #expect(submission == .refused)
        #expect(try await instance.submit(Operation(index: 1)) == .accepted)
        try await instance.drain()
        #expect(instance.accounting().completed == 1)
        await instance.shutdown()
    }

    @Test func whatAKilledWorkerWasRunningRunsAgain() async throws {
        let started = PeerLatch()
        let runs = Mutex(0)
        let probe = BodyProbe { _, _ in
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            guard run == 1 else { return }
            started.open()
            // Ends with the worker.
            try await PeerLatch().wait()
        }
        let instance = try await Self.queue.make(options: "{\"lease\": \"100ms\", \(Self.quick)}", probe: probe)
        let faulty = try #require(instance as? any FaultyInstance)
        try await instance.feed(1, intake: .push)
        try await started.wait()
        try faulty.begin(TargetFault(.kill, of: .worker))
        try await instance.drain()
        #expect(probe.seen.started == [0: 2])
        #expect(instance.accounting().completed == 1)
        await instance.shutdown()
    }

    @Test func faultsThatAnotherProcessWouldNotNoticeAreRefused() throws {
        let faults = StoreFaults(weather: StoreWeather(time: .system), proxy: nil, isLocal: false)
        #expect(throws: PluginOptionError.self) { try faults.set(TargetFault(.cut, of: .store), isOn: true) }
    }

    @Test func aCriticalOperationThatFailsIsBackedUp() async throws {
        let probe = BodyProbe { operation, _ in
            if operation.index == 1 { throw ScriptedError(name: "broken") }
        }
        let instance = try await Self.critical.make(options: "{}", probe: probe)
        try await instance.feed(3, intake: .push)
        try await instance.drain()
        let accounting = instance.accounting()
        #expect(
            [accounting.enqueued, accounting.completed, accounting.failed, accounting.active] as [Int?] == [3, 2, 1, 0]
        )
        await instance.shutdown()
    }

    @Test func whichOperationsAreBackedUpOrTheUsersToMendIsTold() async throws {
        let probe = BodyProbe { operation, _ in
            if operation.index > 0 { throw ScriptedError(name: operation.index == 1 ? "broken" : "permanent") }
        }
        let instance = try await Self.critical.make(options: #"{"userErrors": ["permanent"]}"#, probe: probe)
        try await instance.feed(3, intake: .push)
        try await instance.drain()
        #expect(probe.seen.emitted == [1: ["processing.backup"], 2: ["processing.user-error"]])
        await instance.shutdown()
    }

    @Test func backupsThatWereCountedBeforeAFurtherOperationAreNotTold() async throws {
        let probe = BodyProbe { operation, _ in if operation.index == 0 { throw ScriptedError(name: "broken") } }
        let instance = try await Self.critical.make(options: "{}", probe: probe)
        try await instance.feed(1, intake: .push)
        try await instance.drain()
        #expect(instance.accounting().failed == 1)
        #expect(try await instance.submit(Operation(index: 1)) == .accepted)
        #expect(instance.accounting().failed == nil)
        try await instance.drain()
        #expect(instance.accounting().failed == 1)
        await instance.shutdown()
    }

    @Test func anOperationThatIsLostIsInNoCountButThatOfTheTakenOnes() async throws {
        let probe = BodyProbe { _, _ in throw ScriptedError(name: "broken") }
        let instance = try await Self.critical.make(options: "{}", probe: probe)
        let submission = try await Self.whileCutOff(instance) { try await instance.submit(Operation(index: 0)) }
        #expect(submission == .accepted)
        try await instance.drain()
        let accounting = instance.accounting()
        #expect(
            [accounting.enqueued, accounting.active, accounting.completed, accounting.failed] as [Int?] == [1, 0, 0, 0]
        )
        await instance.shutdown()
    }

    @Test func anOperatorGetsAFailedOperationDone() async throws {
        let probe = BodyProbe { _, _ in }
        let failing = Mutex(true)
        let stubborn = BodyProbe { operation, active in
            try await probe.run(operation)
            let fails = failing.withLock { failing in
                defer { failing = false }
                return failing
            }
            if fails { throw ScriptedError(name: "broken") }
        }
        let instance = try await Self.critical.make(
            options: #"{"maxAttempts": 3, "retryAfter": "1ms"}"#,
            probe: stubborn
        )
        try await instance.feed(1, intake: .push)
        try await instance.drain()
        #expect(stubborn.seen.started == [0: 2])
        #expect(instance.accounting().completed == 1)
        await instance.shutdown()
    }

    @Test func theJournalTakesBackupsThatTheStoreDoesNot() async throws {
        let probe = BodyProbe { _, _ in throw ScriptedError(name: "broken") }
        let instance = try await Self.critical.make(options: #"{"journal": true}"#, probe: probe)
        let submission = try await Self.whileCutOff(instance) { try await instance.submit(Operation(index: 0)) }
        #expect(submission == .accepted)
        try await instance.drain()
        #expect(probe.seen.started == [0: 1])
        #expect(instance.accounting().failed == 1)
        await instance.shutdown()
    }

    @Test(arguments: [
        (#"{"url": "redis://h"}"#, "url"), (#"{"store": "memory", "durability": "full"}"#, "durability"),
        (#"{"store": "sqlite", "proxy": true}"#, "proxy"),
        (#"{"store": "redis", "url": "rediss://h", "proxy": true}"#, "proxy"),
        (#"{"workerProcesses": 1}"#, "workerProcesses"), (#"{"maxWorkers": 0}"#, "maxWorkers"),
        (#"{"store": "sqlite", "workerProcesses": 1, "patience": "1s"}"#, "patience"),
        (#"{"store": "sqlite", "workerProcesses": 1, "retry": { "jitter": 0 }}"#, "retry/jitter"),
        (#"{"workers": 0}"#, "workers"), (#"{"maxAttempts": 0}"#, "maxAttempts"), (#"{"lease": "0s"}"#, "lease"),
        (#"{"retry": { "multiplier": 0.5 }}"#, "retry/multiplier"), (#"{"retry": { "jitter": 2 }}"#, "retry/jitter"),
    ])
    func mistakesInTheOptionsOfAQueueAreLocated(options: String, option: String) throws {
        let error = #expect(throws: PluginOptionError.self) { try Self.queue.validate(options: options) }
        #expect(error?.option == option)
    }

    @Test(arguments: [
        (#"{"maxAttempts": 0}"#, "maxAttempts"), (#"{"retryAfter": "0s"}"#, "retryAfter"),
        (#"{"timeout": "0s"}"#, "timeout"),
    ])
    func mistakesInTheOptionsOfCriticalOperationsAreLocated(options: String, option: String) throws {
        let error = #expect(throws: PluginOptionError.self) { try Self.critical.validate(options: options) }
        #expect(error?.option == option)
    }
}
