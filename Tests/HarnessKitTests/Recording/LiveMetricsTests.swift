import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct LiveMetricsTests {
    private func tally(offered: Int, completed: Int) -> Tally {
        var tally = Tally()
        tally.offered = offered
        tally.accepted = offered
        tally.completed = completed
        tally.started = completed
        return tally
    }

    private func metrics(latencies: LatencyHistograms? = nil, closing: RunClosing = .drained, last: Int) -> LiveMetrics
    {
        LiveMetrics(
            spans: [
                PhaseSpan(name: "warm", measured: false, start: 0, end: 1_000_000_000),
                PhaseSpan(name: "main", measured: true, start: 1_000_000_000, end: 3_000_000_000),
                PhaseSpan(name: "drain", measured: false, start: 3_000_000_000, end: 4_000_000_000),
            ],
            readings: [
                tally(offered: 0, completed: 0), tally(offered: 100, completed: 90),
                tally(offered: 300, completed: 280),
                tally(offered: 300, completed: last),
            ],
            isDraining: [false, false, true],
            latencies: latencies,
            closing: closing,
            highestConcurrency: 4,
            isOpen: false
        )
    }

    @Test
    func whatEndsWhileDrainingBelongsToThePhaseBefore() {
        let total = metrics(last: 300).total()
        #expect(total["offered"]?.value == 200)
        #expect(total["completed"]?.value == 210)
        #expect(total["throughput"]?.value == 105)
        #expect(total["lost"]?.value == 0)
        #expect(total["concurrency.max"]?.value == 4)
        #expect(metrics(last: 300).phases().map(\.name) == ["warm", "main", "drain"])
    }

    @Test(arguments: [(RunClosing.drained, 0.0, 5.0), (.gaveUp(at: 1), 5, 0)])
    func openOperationsAreLostOnlyAfterADrain(closing: RunClosing, unfinished: Double, lost: Double) {
        let total = metrics(closing: closing, last: 295).total()
        #expect(total["unfinished"]?.value == unfinished)
        #expect(total["lost"]?.value == lost)
    }

    @Test
    func percentilesNeedTenSamplesBeyondThem() {
        let latencies = LatencyHistograms(phases: 3)
        for value in 1...100 { latencies.record(phase: 1, .response, Int64(value) * 1000) }
        let total = metrics(latencies: latencies, last: 300).total()
        #expect(total["response.count"]?.value == 100)
        #expect(total["response.p90"] != nil)
        #expect(total["response.p95"] == nil)
        #expect(total["response.p99"] == nil)
        #expect(total["lateness.count"] == nil, "closed load is never late")
    }

    @Test
    func histogramsOfManyTasksMergeByPhase() async {
        let latencies = LatencyHistograms(phases: 2)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for value in 1...1000 {
                        latencies.record(phase: task % 2, [(.service, Int64(value)), (.response, Int64(value))])
                    }
                }
            }
        }
        #expect(count(.service, in: latencies, phases: [0]) == 4000)
        #expect(count(.response, in: latencies, phases: [0, 1]) == 8000)
        #expect(count(.queueWait, in: latencies, phases: [0, 1]) == 0)
    }

    private func count(_ kind: LatencyKind, in latencies: LatencyHistograms, phases: [Int]) -> Double? {
        latencies.merged(kind, phases: phases).entries(named: "any").last?.metric.value
    }
}
