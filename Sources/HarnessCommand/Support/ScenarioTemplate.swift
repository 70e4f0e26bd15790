internal import ArgumentParser
internal import HarnessKit

/// Scenarios to begin with.
enum ScenarioTemplate: String, CaseIterable, ExpressibleByArgument {
    case ramp
    case burst
    case compare
    case closed
    case search

    /// The text of a scenario over plugins of a registry; `nil` when none of them works without options.
    func text(name: String, registry: PluginRegistry) -> String? {
        let usable = registry.targets.filter { !OptionShapes.shape(of: $0).fields.contains(where: \.isRequired) }
        let ordered = usable.filter { $0.id == "coordinator.work" } + usable.filter { $0.id != "coordinator.work" }
        guard let first = ordered.first else { return nil }
        let second = ordered.first { $0.id.hasPrefix("peer.") && $0.id != first.id } ?? first
        let parts = self == .compare ? [("first", first), ("second", second)] : [("target", first)]
        let targets = parts.map { "    { \"id\": \"\($0.0)\", \"use\": \"\($0.1.id)\", \"options\": {} }" }
        return """
            {
              "$schema": "../schema/scenario-1.json",
              "format": 1,
              "name": "\(name)",
              "summary": "\(summary)",
              "tags": ["\(rawValue)"],
              "seed": 1,
              "targets": [
            \(targets.joined(separator: ",\n"))
              ],
            \(body)
              "invariants": "all",
              "report": { "formats": ["console", "markdown", "csv", "json"] }
            }

            """
    }

    private var summary: String {
        switch self {
        case .ramp: "A rising rate of arrivals, held at its peak; response times must stay short."
        case .burst: "A steady rate with one burst on top; the backlog must clear in time."
        case .compare: "The same load against two targets, side by side."
        case .closed: "As many operations as the target takes from a few producers."
        case .search: "The highest rate at which response times stay short and nothing is lost."
        }
    }

    private var body: String {
        switch self {
        case .ramp:
            """
              "vars": { "peak": "400/s" },
              "load": {
                "model": "open",
                "arrivals": "poisson",
                "phases": [
                  { "name": "warm", "for": "1s", "rate": "50/s", "measure": false },
                  { "name": "ramp", "for": "5s", "rate": { "from": "50/s", "to": "${peak}" } },
                  { "name": "hold", "for": "5s", "rate": "${peak}" },
                  { "name": "drain", "until": "empty", "limit": "5s", "measure": false }
                ]
              },
              "work": { "time": { "dist": "lognormal", "median": "2ms", "p99": "12ms" }, "as": "suspend" },
              "expect": [
                { "that": "response.p99 < 400ms", "phase": "hold" },
                { "that": "unfinished == 0" }
              ],
            """
        case .burst:
            """
              "load": {
                "model": "open",
                "arrivals": "even",
                "phases": [
                  { "name": "warm", "for": "1s", "rate": "200/s", "measure": false },
                  { "name": "main", "for": "6s", "rate": "200/s" },
                  { "name": "drain", "until": "empty", "limit": "5s", "measure": false }
                ],
                "bursts": [
                  { "id": "spike", "at": "3s", "count": 500, "over": "250ms" }
                ]
              },
              "work": { "time": "2ms", "as": "suspend" },
              "expect": [
                { "that": "time.until(depth <= 8) < 3s", "after": "spike" },
                { "that": "unfinished == 0" }
              ],
            """
        case .compare:
            """
              "load": {
                "model": "open",
                "arrivals": "poisson",
                "phases": [
                  { "name": "warm", "for": "1s", "rate": "300/s", "measure": false },
                  { "name": "main", "for": "5s", "rate": "300/s" },
                  { "name": "drain", "until": "empty", "limit": "5s", "measure": false }
                ]
              },
              "work": { "time": { "dist": "exponential", "mean": "3ms" }, "as": "suspend" },
              "faults": [
                { "id": "transient", "rate": "1%", "error": "transient" }
              ],
              "expect": [
                { "that": "lost == 0" }
              ],
              "compare": { "baseline": "second", "metrics": ["throughput", "response.p50", "response.p99"] },
            """
        case .closed:
            """
              "load": {
                "model": "closed",
                "producers": 4,
                "await": "finished",
                "phases": [
                  { "name": "warm", "for": "1s", "measure": false },
                  { "name": "main", "operations": 100000, "limit": "30s" }
                ]
              },
              "work": { "as": "none" },
              "expect": [
                { "that": "failed == 0" },
                { "that": "service.p99 < 100ms", "level": "warn" }
              ],
            """
        case .search:
            """
              "load": {
                "model": "search",
                "arrivals": "poisson",
                "from": "100/s",
                "to": "20000/s",
                "precision": "5%",
                "repeat": 3,
                "budget": "5m",
                "phases": [
                  { "name": "warm", "for": "500ms", "rate": "50%", "measure": false },
                  { "name": "main", "for": "3s" },
                  { "name": "drain", "until": "empty", "limit": "5s", "measure": false }
                ]
              },
              "work": { "time": { "dist": "lognormal", "median": "2ms", "p99": "12ms" }, "as": "suspend" },
              "expect": [
                { "that": "response.p95 < 50ms" },
                { "that": "lost == 0" }
              ],
            """
        }
    }
}
