/// The keys of a scenario file, part by part: what the reader accepts and what the schema says.
enum ScenarioFormat {
    typealias Field = ObjectShape.Field

    /// A scenario file.
    static let scenario = ObjectShape(
        "a scenario",
        "One scenario: what load is offered to which targets, what goes wrong meanwhile, and what must hold.",
        fields: [
            Field("$schema", .text, "path or address of this schema, for editors", isRequired: true),
            Field("format", .constant(.integer(1)), "version of the format; 1", isRequired: true),
            Field("name", name, "name of the scenario, unique among the files of a run", isRequired: true),
            Field("summary", .text, "one sentence on what the scenario shows", default: .string("")),
            Field("tags", .list(.text, atLeast: 0), "words to select scenarios by", default: .array([])),
            Field("extends", .text, "path of a scenario that this one changes"),
            Field("include", .list(.text, atLeast: 0), "paths of fragments with further parts"),
            Field("matrix", .object(matrix), "lists of values by path: the scenario is run with every combination"),
            Field("vars", .dictionary(.anything), "values that strings refer to as ${name}"),
            Field("seed", .integer(0 ... .max), "seed of all randomness", default: .integer(1)),
            Field(
                "clock",
                .either([choice(RunClock.self), .list(choice(RunClock.self), atLeast: 1)]),
                "clock of the runs, or a list: every target is run on each",
                default: .string("real")
            ),
            Field("targets", .list(.reference("target"), atLeast: 1), "the systems under test", isRequired: true),
            Field(
                "load",
                .either([.object(openLoad), .object(closedLoad), .object(searchLoad)]),
                "what is offered, and when",
                isRequired: true
            ),
            Field("work", .object(work), "what an operation does while it runs", default: ["as": "none"]),
            Field("faults", .list(.reference("fault"), atLeast: 0), "what goes wrong", default: .array([])),
            Field("timeline", .list(.object(event), atLeast: 0), "what happens at fixed times", default: .array([])),
            Field(
                "invariants",
                .either([.choice(["all"]), .list(.reference("invariant"), atLeast: 0)]),
                "what must hold on every history; \"all\" takes those that each target declares",
                default: .array([])
            ),
            Field("expect", .list(.object(expectation), atLeast: 0), "conditions on metrics", default: .array([])),
            Field("runs", .object(runs), "how often each target is run", default: .object([:])),
            Field("record", choice(RecordingLevel.self), "how much is recorded", default: "history"),
            Field("compare", .object(comparison), "which targets are set side by side"),
            Field("regress", .object(regression), "what may not get worse from one build to the next"),
            Field("report", .object(report), "which reports are written", default: .object([:])),
        ]
    ).later("together")

    static let matrix: ObjectShape = {
        var shape = ObjectShape(
            "a matrix",
            "Lists of values by path, as --set takes it: the scenario is run with every combination.",
            fields: [
                Field("include", .list(.dictionary(.anything), atLeast: 0), "further combinations"),
                Field("exclude", .list(.dictionary(.anything), atLeast: 0), "combinations that are left out"),
            ]
        )
        shape.isClosed = false
        return shape
    }()

    /// One of `targets`; the schema adds the options of every plugin.
    static let target = ObjectShape(
        "a target",
        "A system under test: which plugin, under which name, with which options.",
        fields: [
            Field("id", name, "name that expectations and reports use", isRequired: true),
            Field("use", .text, "id of the target plugin", isRequired: true),
            Field("options", .dictionary(.anything), "the plugin's options", default: .object([:])),
            Field(
                "requires",
                .list(.text, atLeast: 0),
                "what must be there outside of the process, as \"redis\"",
                default: .array([])
            ),
            Field(
                "otherwise",
                choice(TargetSpec.Otherwise.self),
                "what happens when something of that is not there",
                default: "fail"
            ),
        ]
    ).later("together")

    static let report = ObjectShape(
        "report settings",
        "Which reports a run writes.",
        fields: [
            Field(
                "formats",
                .list(choice(ReportFormat.self), atLeast: 0),
                "ids of report formats",
                default: .array(ReportSettings().formats.map { .string($0) })
            ),
            Field("title", .text, "title of the reports; the scenario's name when absent"),
        ]
    ).later("lanes")

    static let runs = ObjectShape(
        "run settings",
        "How often each target is run, and in what order.",
        fields: [
            Field("repetitions", .integer(1...1000), "fresh runs of each target", default: .integer(1)),
            Field("order", choice(RunSettings.Order.self), "order of repeated runs", default: "interleaved-random"),
            Field(
                "virtualSeeds",
                .integer(1...1_000_000),
                "seeds that every target is run under in virtual time, counted up from the scenario's",
                default: .integer(1)
            ),
            Field(
                "processes",
                .integer(1...256),
                "fresh processes that each target is run in on the real clock; one for all runs when absent"
            ),
            Field("budget", .measure(.duration), "time after which no further round of real runs begins"),
            Field(
                "verifyDeterminism",
                .boolean,
                "whether every run in virtual time is made twice, and both must be equal",
                default: .bool(false)
            ),
            Field(
                "noiseFloor",
                .boolean,
                "whether the baseline is run twice as often on the real clock, to see how much its figures differ by chance",
                default: .bool(false)
            ),
        ]
    )

    static let expectation = ObjectShape(
        "an expectation",
        "An absolute condition on a metric.",
        fields: [
            Field("that", .text, "the condition, as \"response.p99 < 400ms\"", isRequired: true),
            Field("phase", .text, "phase whose figures count; all measured ones when absent"),
            Field("window", .object(window), "intended starts that count"),
            Field("after", .text, "burst, phase or timeline event, or its end (<id>.end), that time.until counts from"),
            Field("target", .text, "glob over target ids; each match must satisfy the condition", default: "*"),
            Field("versus", .text, "glob over other target ids: the condition is on the ratio to the best of them"),
            Field("level", choice(Expectation.Level.self), "whether a miss fails the run", default: "fail"),
            Field("clock", choice(RunClock.self), "clock on which the expectation applies; each when absent"),
        ]
    ).later("priority", "within")

    static let window = ObjectShape(
        "a window",
        "A stretch of the run.",
        fields: [
            Field("from", .measure(.duration), "begin, from the start of the run", isRequired: true),
            Field("to", .measure(.duration), "end, from the start of the run", isRequired: true),
        ]
    )

    /// The shape of a name.
    static let name = ValueShape.matching(Identifier.pattern)

    static func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> ValueShape
    where Choice.RawValue == String {
        .choice(type.names)
    }
}
