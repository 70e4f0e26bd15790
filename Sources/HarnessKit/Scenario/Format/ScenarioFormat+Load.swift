extension ScenarioFormat {
    static let openLoad = ObjectShape(
        "open load",
        "Arrivals at planned times, whatever the target does.",
        fields: [
            Field("model", .constant("open"), "who decides when the next operation comes", isRequired: true),
            arrivals,
            independent,
            keys,
            priorities,
            Field(
                "phases",
                .list(.object(openPhase), atLeast: 1),
                "the stretches of the run, in order",
                isRequired: true
            ),
            Field("bursts", .list(.object(burst), atLeast: 0), "arrivals on top of the phases", default: .array([])),
            late,
            bounds,
        ]
    )
    .refusing(["think", "await"], "it belongs to closed load; remove it or set \"model\": \"closed\"")
    .refusing(
        ["from", "to", "precision", "repeat", "budget"],
        "it belongs to a search; remove it or set \"model\": \"search\""
    )

    static let closedLoad = ObjectShape(
        "closed load",
        "Loops that submit, wait and submit again.",
        fields: [
            Field("model", .constant("closed"), "who decides when the next operation comes", isRequired: true),
            Field("producers", .integer(1...100_000), "number of loops", isRequired: true),
            Field("think", durations, "pause of a loop before its next operation"),
            Field("await", choice(Load.Awaiting.self), "what a loop waits for", default: "finished"),
            keys,
            priorities,
            Field(
                "phases",
                .list(.object(closedPhase), atLeast: 1),
                "the stretches of the run, in order",
                isRequired: true
            ),
        ]
    )
    .refusing(
        ["arrivals", "bursts", "late", "fidelity"],
        "it belongs to open load; remove it or set \"model\": \"open\""
    )

    static let arrivals = Field(
        "arrivals",
        choice(Load.Arrivals.self),
        "how arrivals are spread over time",
        default: "even"
    )

    static let independent = Field(
        "producers",
        .constant("independent"),
        "each arrival is a task of its own",
        default: "independent"
    )

    static let late = Field(
        "late",
        choice(Load.LatePolicy.self),
        "what happens to arrivals submitted too late",
        default: "keep"
    )

    static let bounds = Field(
        "fidelity",
        .object(fidelity),
        "bounds on the load generator beyond which the run is invalid"
    )

    static let keys = Field(
        "keys",
        .either(keyShapes.map { .object($0) }),
        "how operations get their keys; without it they have none"
    )

    static let priorities = Field(
        "priorities",
        .either([.dictionary(.measure(.share)), .list(.text, atLeast: 1)]),
        "lanes of the operations: a share for each, or names in turn; without it a target takes its default lane"
    )

    static let phaseFields = [
        Field("name", name, "name that expectations and reports use", isRequired: true),
        Field("for", .measure(.duration), "how long the phase lasts"),
        Field("until", .constant("empty"), "the phase ends when nothing is in flight"),
        Field("limit", .measure(.duration), "when the phase ends at the latest"),
    ]
    static let measure = Field(
        "measure",
        .boolean,
        "whether the phase counts in measured totals",
        default: .bool(true)
    )

    static let openPhase = ObjectShape(
        "a phase",
        "A named stretch of the run.",
        fields: phaseFields + [Field("rate", rate, "arrivals per second, minute or hour"), measure]
    )
    .exactlyOne(of: ["for", "rate"], ["until", "limit"])
    .refusing(["operations"], "it belongs to closed load; remove it or set \"model\": \"closed\"")

    static let closedPhase = ObjectShape(
        "a phase",
        "A named stretch of the run.",
        fields: phaseFields + [
            Field("operations", .integer(1...Int64(Int32.max)), "the phase ends after so many operations"), measure,
        ]
    )
    .exactlyOne(of: ["for"], ["until", "limit"], ["operations", "limit"])
    .refusing(["rate"], "closed load goes as fast as its loops; remove it or set \"model\": \"open\"")

    static let rate = ValueShape.either([.measure(.rate), .object(rateCurve)])

    static let rateCurve = ObjectShape(
        "a rate curve",
        "Arrivals per second as a function of time within a phase.",
        fields: [
            Field("from", .measure(.rate), "rate at the phase's begin"),
            Field("to", .measure(.rate), "rate at the phase's end"),
            Field("steps", .list(.either([.measure(.rate), .object(step)]), atLeast: 1), "rates one after another"),
            Field("spike", .object(spike), "a smooth rise to a peak at the phase's middle, and back"),
        ]
    )
    .exactlyOne(of: ["from", "to"], ["steps"], ["spike"])
    .later("sine", "square", "exp")

    static let step = ObjectShape(
        "a step",
        "One level of a stepped rate.",
        fields: [
            Field("rate", .measure(.rate), "rate of the level", isRequired: true),
            Field("for", .measure(.duration), "how long it holds; without it, an equal share of what is left"),
        ]
    )

    static let spike = ObjectShape(
        "a spike",
        "A smooth rise and fall.",
        fields: [
            Field("base", .measure(.rate), "rate at begin and end", isRequired: true),
            Field("peak", .measure(.rate), "rate at the middle", isRequired: true),
        ]
    )

    static let burst = ObjectShape(
        "a burst",
        "Arrivals on top of the phases.",
        fields: [
            Field("id", name, "name that expectations and reports use", isRequired: true),
            Field("at", .measure(.duration), "begin, from the start of the run", isRequired: true),
            Field("count", .integer(1...50_000_000), "how many operations arrive, spread evenly"),
            Field("over", .measure(.duration), "over which time they arrive"),
            Field("rate", .measure(.rate), "additional rate"),
            Field("for", .measure(.duration), "how long the additional rate holds"),
        ]
    ).exactlyOne(of: ["count", "over"], ["rate", "for"])

    static let fidelity = ObjectShape(
        "fidelity bounds",
        "Bounds on the load generator beyond which a run is invalid rather than slow.",
        fields: [Field("lateness.p99", .measure(.duration), "how late submissions may be, 99th percentile")]
    )
}
