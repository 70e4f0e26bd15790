/// The keys of `regress`.
extension ScenarioFormat {
    static let regression = ObjectShape(
        "regression rules",
        "What may not get worse from one build to the next: 'harness gate' and baselines judge by it.",
        fields: [
            Field(
                "exact",
                .list(.choice([RegressionRules.historyDigest] + MetricCatalogue.all.map(\.name)), atLeast: 0),
                "what must be equal in virtual time: historyDigest, or metrics",
                default: .array([])
            ),
            Field("paired", margins, "metrics compared pair by pair, with their margins", default: .object([:])),
            Field("observe", margins, "metrics whose change is told and blocks nothing", default: .object([:])),
        ]
    )

    static let margin = ObjectShape(
        "a margin",
        "By how much a metric may get worse.",
        fields: [
            Field("margin", .measure(.share), "share of the former value", isRequired: true),
            Field("floor", .measure(.duration), "smaller differences are none; of durations"),
        ]
    )

    private static let margins = ValueShape.dictionary(.either([.measure(.share), .object(margin)]))
}
