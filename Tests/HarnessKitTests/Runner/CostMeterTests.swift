import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct CostMeterTests {
    fileprivate static func read() -> CostSnapshot {
        .read(time: 0, tally: Tally(), ownMemory: OwnMemory(), virtual: nil)
    }

    private static func snapshot(_ time: Int64, allocations: Int64, chunks: Int, finished: Int) -> CostSnapshot {
        var snapshot = read()
        snapshot.time = time
        snapshot.allocations = allocations
        snapshot.allocatedBytes = allocations * 100
        snapshot.ownMemory = OwnMemory(allocations: chunks, bytes: chunks * 1000)
        snapshot.tally = Tally()
        snapshot.tally.completed = finished
        return snapshot
    }

    /// In a process of its own: what other tests take at the time would count as well.
    @Test func thePeakOfMemoryBeginsAnewWithEveryReading() async throws {
        try #require(Self.read().peakResident != nil, "the kernel lets the peak begin anew")
        await #expect(processExitsWith: .success) {
            let size = 64 << 20
            _ = CostMeterTests.read()
            var block = [UInt8](repeating: 1, count: size)
            block[size / 2] = 2
            let during = try #require(CostMeterTests.read().peakResident)
            #expect(block[size / 2] == 2)
            block = []
            _ = CostMeterTests.read()
            let after = try #require(CostMeterTests.read().peakResident)
            #expect(during > Int64(size))
            #expect(after < during - Int64(size) / 2)
        }
    }

    @Test func whatTheRecorderTakesForItselfIsNoCostOfOperations() {
        var cost = RunCost()
        cost.add(
            from: Self.snapshot(0, allocations: 1000, chunks: 2, finished: 0),
            to: Self.snapshot(1, allocations: 1105, chunks: 7, finished: 10)
        )
        var table = MetricTable()
        cost.add(to: &table)
        #expect(table["mallocs.perOperation"]?.value == 10)
        #expect(table["mallocBytes.perOperation"]?.value == 550)
        #expect(table["recorderBytes.perOperation"]?.value == 500)
    }

    @Test func aStretchWithoutOperationsStillHasMemoryAndThreads() throws {
        var cost = RunCost()
        cost.add(from: Self.read(), to: Self.read())
        var table = MetricTable()
        cost.add(to: &table)
        #expect(table.metrics.map(\.name) == ["rss.peak", "threads.max"])
        #expect(try #require(table["threads.max"]).value >= 1)
    }

    @Test func everyPhaseHasItsOwnMemoryAndThreads() async throws {
        let run = try await Scenario.open(target: "fake.eager", rate: 500, for: .milliseconds(50)).runOnce()
        for phase in run.phases {
            #expect(try #require(phase.metrics["rss.peak"]).value > 1_000_000, "\(phase.name)")
            #expect(try #require(phase.metrics["threads.max"]).value >= 1, "\(phase.name)")
        }
        let peaks = run.phases.compactMap { $0.metrics["rss.peak"]?.value }
        let whole = try #require(run.total["rss.peak"]).value
        #expect(peaks.allSatisfy { $0 <= whole })
    }

    @Test func chunksOfEventsAreTheRecordersOwnMemory() {
        let log = EventLog(limit: 1_000_000) {}
        #expect(log.ownMemory == OwnMemory())
        for time in 0...Int64(EventLog.chunkSize) {
            log.record(RecordedEvent(time: time, kind: .submitted, operation: 1))
        }
        #expect(log.ownMemory.allocations == 2)
        #expect(log.ownMemory.bytes == 2 * (EventLog.chunkSize * 16 + 32))
    }
}
