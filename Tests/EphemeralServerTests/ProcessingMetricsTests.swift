import Ephemeral
import EphemeralServer
import EphemeralTesting
import EphemeralTime
import MetricsTestKit
import Processing
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ProcessingMetricsTests {
    let metrics = TestMetrics()

    private struct Failure: Error {}

    private func manager() throws -> ProcessingManager {
        var processors = ProcessorRegistry()
        try processors.register("good") { (_: Int, _) in }
        try processors.register("bad") { (_: Int, _) in throw UserError("no") }
        var options = ProcessingOptions()
        options.observer = ProcessingMetrics(factory: metrics)
        options.sink = SignalSink()
        options.time = ManualTimeSource()
        let store = MemoryProcessingStore(time: options.time)
        return try ProcessingManager(store: store, processors: processors, options: options)
    }

    private func total(_ label: String, _ dimensions: (String, String)...) -> Int64 {
        metrics.counterTotal(label: label, dimensions: dimensions)
    }

    @Test func jobsAreCountedByWhatBecameOfThem() async throws {
        let manager = try manager()
        try await manager.process(1, processor: "good")
        try await manager.process(2, processor: "bad")
        #expect(total("processing_jobs_enqueued_total", ("queue", "default"), ("priority", "normal")) == 2)
        let ends = Journal<String>()
        let sink = try #require(manager.options.sink)
        let subscription = sink.subscribe(to: ["job.completed", "job.deadletter:*"]) { ends.record($0.signal) }
        let worker = try ProcessingWorker(manager)
        try worker.start()
        _ = try await ends.first(2)
        await worker.stop()
        subscription.cancel()
        #expect(total("processing_jobs_total", ("queue", "default"), ("outcome", "done")) == 1)
        #expect(total("processing_jobs_total", ("queue", "default"), ("outcome", "buried")) == 1)
    }

    @Test func criticalOperationsAreCountedByTheirEnd() async throws {
        let manager = try manager()
        try await manager.processCritical(1) { _, _ in }
        _ = try? await manager.processCritical(1) { _, _ in throw UserError("no") }
        _ = try? await manager.processCritical(1) { _, _ in throw Failure() }
        for outcome in ["completed", "userError", "backedUp"] {
            #expect(total("processing_critical_total", ("outcome", outcome)) == 1)
        }
    }

    @Test func gaugesShowTheQueues() async throws {
        let manager = try manager()
        try await manager.process(1, processor: "good")
        try await manager.process(1, processor: "good", delay: .seconds(9))
        let observer = ProcessingMetrics(factory: metrics)
        observer.record(try await manager.queueStatus())
        func value(_ state: String) throws -> Double? {
            try metrics.expectGauge("processing_jobs", [("queue", "default"), ("state", state)]).lastValue
        }
        #expect(try value("waiting") == 1)
        #expect(try value("delayed") == 1)
        #expect(try value("dead") == 0)
    }
}
