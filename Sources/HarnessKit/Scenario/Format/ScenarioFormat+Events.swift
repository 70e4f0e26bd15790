extension ScenarioFormat {
    static let work = ObjectShape(
        "work",
        "What an operation does while it runs.",
        fields: [
            Field("time", durations, "how long it takes", default: "0ms"),
            Field("as", choice(Work.Kind.self), "how that time is spent", default: "suspend"),
        ]
    )

    /// A duration or a distribution of durations.
    static let durations = ValueShape.either([.measure(.duration)] + distributionShapes.map { .object($0) })

    static let distributionShapes = [
        distribution("constant", "Always the same time.", [("value", "the time")]),
        distribution(
            "uniform",
            "Equally likely between two bounds.",
            [("min", "lower bound"), ("max", "upper bound")]
        ),
        distribution("exponential", "Memoryless.", [("mean", "the mean")]),
        distribution("lognormal", "Skewed, with a long tail.", [("median", "the median"), ("p99", "99th percentile")]),
    ]

    /// Distributions with a fixed name that this version does not know.
    static let laterDistributions = ["pareto", "bimodal", "empirical", "autocorrelated"]

    private static func distribution(
        _ name: String,
        _ summary: String,
        _ parameters: [(name: String, summary: String)]
    ) -> ObjectShape {
        ObjectShape(
            "the distribution \"\(name)\"",
            summary,
            fields: [Field("dist", .constant(.string(name)), "name of the distribution", isRequired: true)]
                + parameters.map { Field($0.name, .measure(.duration), $0.summary, isRequired: true) }
        )
    }

    static let keyShapes = [
        keyDistribution("uniform", "Every key is equally likely.", []),
        keyDistribution(
            "zipf",
            "Key number k has weight 1/k^s.",
            [Field("s", .number, "exponent; 0 is uniform", isRequired: true)]
        ),
        keyDistribution("round-robin", "Keys in turn.", []),
    ]

    /// Key distributions with a fixed name that this version does not know.
    static let laterKeyDistributions = ["hot-set", "sequential"]

    private static func keyDistribution(_ name: String, _ summary: String, _ further: [Field]) -> ObjectShape {
        ObjectShape(
            "the key distribution \"\(name)\"",
            summary,
            fields: [
                Field("dist", .constant(.string(name)), "name of the distribution", isRequired: true),
                Field("count", .integer(1...10_000_000), "number of keys", isRequired: true),
            ] + further
        )
    }

    /// A fault; `use` and `options` are keys where there are plugins to use.
    static func fault(usesPlugins: Bool) -> ObjectShape {
        var fault = fault
        guard usesPlugins else { return fault }
        fault.fields += [
            Field("use", .text, "id of the fault plugin that says what happens"),
            Field("options", .dictionary(.anything), "the plugin's options"),
        ]
        fault.exactlyOneOf.append(["use"])
        return fault
    }

    static let fault = ObjectShape(
        "a fault",
        "Something that goes wrong for a share of operations or attempts.",
        fields: [
            Field("id", name, "name that reports use", isRequired: true),
            Field("scope", choice(FaultRule.Scope.self), "what the share is drawn for", default: "attempt"),
            Field("rate", .measure(.share), "share that is hit", isRequired: true),
            Field("error", .text, "name of the error that the body throws"),
            Field("delay", durations, "how much longer the body takes"),
            Field(
                "during",
                .either([.text, .object(window)]),
                "phase or stretch of the run; the whole run when absent"
            ),
            Field(
                "part",
                .integer(1...1_000_000),
                "hits only this part of a target, as the member of a group; 1 also hits targets without parts"
            ),
        ]
    )
    .exactlyOne(of: ["error"], ["delay"])
    .later("hang", "cancel", "crash", "stall", "process", "every", "until", "key", "priority")

    static let event = ObjectShape(
        "a timeline event",
        "Something that happens at a fixed time of the run.",
        fields: [
            Field("id", name, "name that expectations use; event-<n> when absent"),
            Field("at", .measure(.duration), "when, from the start of the run", isRequired: true),
            Field("for", .measure(.duration), "how long it lasts"),
            Field("every", .measure(.duration), "distance of repetitions"),
            Field("times", .integer(1...100_000), "how often it happens in all"),
            Field("do", .object(action), "what happens", isRequired: true),
        ]
    )

    static let action = ObjectShape(
        "an action",
        "What a timeline event does.",
        fields: [
            Field("signal", .text, "raises a signal; \"for\" retracts it again"),
            Field("retract", .text, "retracts all signals that match a name or glob"),
            Field("mark", .text, "marks the time, for expectations and charts"),
            Field("cancel", .constant(.bool(true)), "cancels the target"),
            Field("drain", .constant(.bool(true)), "drains the target: it refuses what comes later"),
            Field("pause", .constant(.bool(true)), "stops starts; \"for\" resumes them"),
            Field("setMaxConcurrency", .integer(1...1_000_000), "sets the target's concurrency limit"),
            Field("set", choice(TimelineSetting.self), "what of the scenario is set; \"for\" sets it back"),
            Field("to", durations, "the work time of attempts that begin meanwhile"),
            Field("fault", choice(TargetFault.Kind.self), "makes something go wrong; \"for\" ends it"),
            Field("scope", choice(TimelineFaultScope.self), "where it goes wrong; \"workers\" are the bodies that run"),
            Field("delay", .measure(.duration), "how much longer everything takes, with \"fault\": \"delay\""),
        ]
    )
    .exactlyOne(
        of: ["signal"],
        ["retract"],
        ["mark"],
        ["cancel"],
        ["drain"],
        ["pause"],
        ["setMaxConcurrency"],
        ["set", "to"],
        ["fault", "scope"]
    )
}

/// What of a scenario the timeline can set.
enum TimelineSetting: String, CaseIterable {
    case workTime = "work.time"
}

/// Where the timeline can make something go wrong.
enum TimelineFaultScope: String, CaseIterable {
    /// In all bodies that run, which a stall keeps from going on.
    case workers
    /// In one of those who run operations.
    case worker
    /// Between the target and what keeps its operations.
    case store

    /// The part of the target, when it is one.
    var ofTarget: TargetFault.Scope? { TargetFault.Scope(rawValue: rawValue) }
}
