import Foundation

extension URL {
    /// Writes a scenario of five seconds of virtual time into the folder and returns its path.
    func writeVirtualScenario(bound: Int = 2) throws -> String {
        let text = """
            {
              "$schema": "scenario-1.json", "format": 1, "name": "short", "summary": "A short scenario.", "seed": 1,
              "clock": "virtual",
              "targets": [{ "id": "work", "use": "coordinator.work", "options": { "maxConcurrency": 2 } }],
              "load": {
                "model": "open", "arrivals": "poisson",
                "phases": [
                  { "name": "main", "for": "5s", "rate": "20/s" },
                  { "name": "drain", "until": "empty", "limit": "30s", "measure": false }
                ]
              },
              "work": { "time": { "dist": "uniform", "min": "50ms", "max": "120ms" }, "as": "suspend" },
              "invariants": ["conservation", { "use": "concurrency-bound", "max": \(bound) }]
            }
            """
        let file = appending(path: "short.json")
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
