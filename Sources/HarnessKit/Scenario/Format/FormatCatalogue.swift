/// The parts of the scenario format that have names of their own, for lists and descriptions.
public enum FormatCatalogue {
    /// Load models with their keys.
    public static let loads: [(id: String, shape: ObjectShape)] = [
        ("open", ScenarioFormat.openLoad), ("closed", ScenarioFormat.closedLoad),
        ("search", ScenarioFormat.searchLoad),
    ]

    /// What a fault can do to an attempt, with the keys of a fault.
    public static let faults: [(id: String, summary: String, shape: ObjectShape)] = [
        ("error", "the body throws an error of a given name after its work", ScenarioFormat.fault),
        ("delay", "the body takes longer", ScenarioFormat.fault),
    ]

    /// Metrics that only expectations can name, because they have arguments.
    public static let expectationMetrics: [(id: String, unit: MetricUnit, summary: String)] = [
        ("signals[<glob>].count", .count, "signals raised whose name matches"),
        (
            "time.until(start)", .seconds,
            "time from \"after\" to the first start; .p50 .p90 .p95 .p99 or .max over the event's repetitions"
        ),
        ("time.until(depth <= N)", .seconds, "time from \"after\" until at most N operations wait"),
    ]
}
