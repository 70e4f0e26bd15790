import HarnessKit
import Synchronization
import Testing

/// The search over seeds finds defects that were planted, and nothing where there is none.
///
/// `virtual-time.md` tells which seed found which.
@Suite(.timeLimit(.minutes(2)))
struct PlantedDefectTests {
    private static let seeds = SeedRange(first: 1, count: 500)

    /// Keyed operations with failures, a deferral that ends at the instant of an arrival, and a limit halved for a while.
    private func scenario(_ registry: PluginRegistry, defect: PlantedDefect?, limit: Int) throws -> Scenario {
        let planted = defect.map { #", "defect": "\#($0.rawValue)""# } ?? ""
        let reading = ScenarioFile.read(
            text: """
                {
                  "$schema": "scenario-1.json",
                  "format": 1,
                  "name": "planted-defect",
                  "summary": "Bursts, failures, deferrals and limits.",
                  "seed": 1,
                  "clock": "virtual",
                  "targets": [{ "id": "tiny", "use": "test.tiny", "options": { "maxConcurrency": \(limit)\(planted) } }],
                  "load": {
                    "model": "open",
                    "arrivals": "poisson",
                    "keys": { "dist": "uniform", "count": 5 },
                    "phases": [
                      { "name": "main", "for": "2s", "rate": "40/s" },
                      { "name": "drain", "until": "empty", "limit": "20s", "measure": false }
                    ],
                    "bursts": [
                      { "id": "many", "at": "1s", "count": 20, "over": "0s" },
                      { "id": "one", "at": "1900ms", "count": 1, "over": "0s" }
                    ]
                  },
                  "work": { "time": { "dist": "uniform", "min": "5ms", "max": "20ms" }, "as": "suspend" },
                  "faults": [{ "id": "transient", "scope": "attempt", "rate": "3%", "error": "transient" }],
                  "timeline": [
                    { "id": "early", "at": "500ms", "for": "200ms", "do": { "signal": "backpressure.early" } },
                    { "id": "less", "at": "1050ms", "do": { "setMaxConcurrency": \(limit / 2) } },
                    { "id": "more", "at": "1500ms", "do": { "setMaxConcurrency": \(limit) } },
                    { "id": "late", "at": "1700ms", "for": "200ms", "do": { "signal": "backpressure.late" } }
                  ],
                  "invariants": [
                    "conservation", "concurrency-bound", "concurrency-bound-per-key", "no-start-while-deferred",
                    { "use": "test.work-conserving", "places": \(limit / 2) }
                  ],
                  "expect": [
                    { "that": "unfinished == 0" },
                    { "that": "concurrency.max <= \(limit / 2)", "window": { "from": "1100ms", "to": "1500ms" } }
                  ]
                }
                """,
            path: "planted-defect.json",
            registry: registry
        )
        return try #require(reading.scenario, "\(reading.problems)")
    }

    /// The seeds that were tried until one found something.
    private func reports(defect: PlantedDefect?, limit: Int) async throws -> [SeedReport] {
        let registry = try PluginRegistry(targets: [TinyTarget.self], invariants: [WorkConservingInvariant.self])
        let interruption = Interruption()
        let reports = Mutex<[SeedReport]>([])
        let swarm = LocalSeedSwarm(runner: ScenarioRunner(registry: registry))
        let scenario = try scenario(registry, defect: defect, limit: limit)
        _ = await swarm.run(scenario, seeds: Self.seeds, interruption: interruption) { report in
            reports.withLock { $0.append(report) }
            if report.verdict != .pass { interruption.fire() }
        }
        return reports.withLock(\.self)
    }

    @Test(arguments: PlantedDefect.allCases)
    func aSeedFindsThePlantedDefect(_ defect: PlantedDefect) async throws {
        // A wake-up is lost when all workers look at the wrong moment: the fewer there are, the sooner a seed shows it.
        let reports = try await reports(defect: defect, limit: defect == .lostWakeUpOnRetract ? 2 : 4)
        let last = try #require(reports.last)
        #expect(last.verdict == .fail, "\(reports.count) seeds found nothing: \(last.reasons)")
        #expect(!last.violations.isEmpty || !last.misses.isEmpty)
    }

    @Test(arguments: [2, 4])
    func withoutADefectNoSeedFindsAnything(limit: Int) async throws {
        let reports = try await reports(defect: nil, limit: limit)
        #expect(reports.count == Self.seeds.count)
        let last = try #require(reports.last)
        #expect(last.verdict == .pass, "seed \(last.seed): \(last.violations) \(last.misses) \(last.reasons)")
    }
}
