import Ephemeral
import EphemeralServer
import EphemeralTesting
import MetricsTestKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct MetricsTests {
    let metrics = TestMetrics()
    let time = ManualTimeSource()
    let executor = ManualTaskExecutor()

    private struct Failure: Error {}

    @Test func eachPatternHasACounterOfTheSignalsThatMatch() throws {
        let sink = SignalSink(time: time)
        let signals = SignalMetrics(sink, patterns: ["error.*", "error.disk, busy", "busy"], factory: metrics)
        for signal in ["error.disk", "error.net", "busy", "other"] { sink.raise(signal) }
        #expect(metrics.counters.count == 3)
        func total(_ pattern: String) -> Int64 {
            metrics.counterTotal(label: "ephemeral_signals_total", dimensions: [("pattern", pattern)])
        }
        #expect(total("error.*") == 2)
        #expect(total("error.disk") == 1)
        #expect(total("busy") == 1)
        signals.cancel()
        sink.raise("busy")
        #expect(total("busy") == 1)
    }

    /// A coordinator on a manual executor that reports to the metrics.
    private func coordinator(
        _ observer: CoordinatorMetrics,
        configure: (inout EphemeralOptions) -> Void = { _ in },
        body: @escaping @Sendable (Int) async throws -> Void
    ) throws -> WorkCoordinator<Int> {
        var options = EphemeralOptions(maxConcurrency: 1)
        options.executor = executor
        options.time = time
        options.maxTrackedOperations = 0
        options.observer = observer
        configure(&options)
        return try WorkCoordinator(options: options, body: body)
    }

    @Test func operationsAreTimedAndCountedWhenTheyLeaveTheWindow() throws {
        let observer = CoordinatorMetrics(name: "mail", factory: metrics)
        let coordinator = try coordinator(observer) { [time] item in
            time.advance(by: .milliseconds(item))
            if item == 3 { throw Failure() }
        }
        for item in [2, 3] { #expect(coordinator.tryEnqueue(item)) }
        executor.runUntilIdle()
        let mail = [("coordinator", "mail")]
        let completed = try metrics.expectTimer("ephemeral_operation_duration", mail + [("outcome", "completed")])
        #expect(completed.values == [2_000_000])
        let failed = try metrics.expectTimer("ephemeral_operation_duration", mail + [("outcome", "failed")])
        #expect(failed.values == [3_000_000])
        let delays = try metrics.expectTimer("ephemeral_operation_queue_delay", mail)
        #expect(delays.values == [0, 2_000_000])
        let finalized = "ephemeral_operations_finalized_total"
        #expect(metrics.counterTotal(label: finalized, dimensions: mail + [("outcome", "completed")]) == 1)
        #expect(metrics.counterTotal(label: finalized, dimensions: mail + [("outcome", "failed")]) == 1)
    }

    @Test func droppedOperationsAreCountedAndNotTimed() throws {
        let observer = CoordinatorMetrics(name: "mail", factory: metrics)
        let coordinator = try coordinator(observer) { _ in }
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        coordinator.cancel()
        executor.runUntilIdle()
        #expect(metrics.counterTotal(label: "ephemeral_operations_discarded_total") == 3)
        #expect(metrics.timers.allSatisfy { $0.values.isEmpty })
    }

    @Test func operationsThatAreSkippedOrNoLongerHeldBackAreCounted() throws {
        let sink = SignalSink(time: time)
        let observer = CoordinatorMetrics(name: "mail", factory: metrics)
        let coordinator = try coordinator(observer) {
            $0.signals.sink = sink
            $0.signals.cancelOn = ["stop"]
            $0.signals.deferOn = ["busy"]
            $0.signals.maxDeferAttempts = 1
        } body: { _ in
        }
        sink.raise("stop")
        #expect(coordinator.tryEnqueue(1))
        executor.runUntilIdle()
        sink.retract("stop")
        sink.raise("busy")
        #expect(coordinator.tryEnqueue(2))
        executor.runUntilIdle()
        time.advance(by: .milliseconds(100))
        executor.runUntilIdle()
        let skipped = [("coordinator", "mail"), ("outcome", "skipped")]
        #expect(metrics.counterTotal(label: "ephemeral_operations_finalized_total", dimensions: skipped) == 1)
        #expect(metrics.counterTotal(label: "ephemeral_deferrals_exhausted_total") == 1)
        #expect(coordinator.stats.completed == 1)
    }

    @Test func theGaugesShowTheLastReading() throws {
        let observer = CoordinatorMetrics(name: "mail", factory: metrics)
        let gate = Gate()
        let coordinator = try coordinator(observer) { item in
            if item == 1 { throw Failure() }
            try await gate.wait()
        }
        for item in 1...4 { #expect(coordinator.tryEnqueue(item)) }
        executor.runUntilIdle()
        observer.record(coordinator.stats)
        func value(_ state: String) throws -> Double? {
            try metrics.expectGauge("ephemeral_operations", [("coordinator", "mail"), ("state", state)]).lastValue
        }
        #expect(try value("pending") == 2)
        #expect(try value("active") == 1)
        #expect(try value("completed") == 0)
        #expect(try value("failed") == 1)
        #expect(try value("cancelled") == 0)
        #expect(try metrics.expectGauge("ephemeral_operations_overflowed", [("coordinator", "mail")]).lastValue == 0)
        gate.open()
        executor.runUntilIdle()
        observer.record(coordinator.stats)
        #expect(try value("pending") == 0)
        #expect(try value("completed") == 3)
    }
}
