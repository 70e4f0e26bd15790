/// The keys of `compare`.
extension ScenarioFormat {
    static let comparison: ObjectShape = {
        let usual = Comparison(baseline: "")
        let metric = ValueShape.choice(MetricCatalogue.all.map(\.name))
        return ObjectShape(
            "a comparison",
            "Which figures are set side by side in the report, and how.",
            fields: [
                Field(
                    "baseline",
                    .text,
                    "what ratios refer to: id of a target, or another value of \"columns\"",
                    isRequired: true
                ),
                Field(
                    "metrics",
                    .list(metric, atLeast: 1),
                    "the metrics that are compared",
                    default: .array(usual.metrics.map { .string($0) })
                ),
                Field(
                    "rows",
                    .list(.text, atLeast: 0),
                    "keys that rows are told apart by: phase, clock, use, options.<name>, vars.<name> or a path into the "
                        + "scenario; what the matrix varies when absent"
                ),
                Field(
                    "columns",
                    .text,
                    "key that columns are told apart by: target, use, clock, phase or options.<name>",
                    default: .string(usual.columns)
                ),
                Field(
                    "show",
                    .list(choice(Comparison.Detail.self), atLeast: 1),
                    "what is shown of each figure",
                    default: .array(usual.show.map { .string($0.rawValue) })
                ),
                Field("rankBy", metric, "the compared metric that columns are ranked by"),
                Field(
                    "pareto",
                    .list(metric, atLeast: 2),
                    "compared metrics: which columns are not worse in all of them than another one"
                ),
            ]
        )
    }()
}
