public import HarnessKit

/// The report for people, as GitHub Flavoured Markdown: readable as a file, on a code host and as a comment.
public enum MarkdownReport: ReportRenderer {
    /// The format's fixed name.
    public static let id = "markdown"
    /// One sentence for `harness list`.
    public static let summary = "The report for people: verdict, comparison, checks, phases, timeline and environment."

    /// The longest report in UTF-16 units: what code hosts take as one comment, with some room.
    static let lengthLimit = 65_000

    /// Renders a result as `report.md`.
    public static func render(_ result: RunResult) -> [ReportFile] {
        let result = result.namedByClock
        let head = "**\(result.verdictSentence.markdown)**\n\n\(introduction(result))\n\n"
        let sections = [
            capacities(result),
            comparison(result),
            sideBySide(result),
            figures(result),
            invariants(result),
            counterExamples(result),
            expectations(result),
            seeds(result),
            trials(result),
            baseline(result),
            phases(result),
            timeline(result),
            quality(result),
            cost(result),
            costByPhase(result),
            notes(result),
            options(result),
            environment(result),
            glossary,
        ]
        let text = head + MarkdownSection.joined(sections, limit: lengthLimit - head.utf16.count)
        return [ReportFile(name: "report.md", text: text)]
    }

    private static func introduction(_ result: RunResult) -> String {
        let scenario = result.scenario
        let name = MarkdownText.escaped(scenario.title ?? scenario.name, limit: 120)
        let summary = MarkdownText.escaped(scenario.summary)
        let targets = PlainText.counted(result.targetNames.count, "target")
        let times = result.repetitions > 1 ? ", \(result.repetitions) times each" : ""
        let phases = (result.runs.first?.phases ?? []).map { phase in
            let length = QuantityText.seconds(phase.seconds)
            return "\(MarkdownText.escaped(phase.name, limit: 60)) (\(length)\(phase.measured ? "" : ", not measured"))"
        }
        let course = phases.isEmpty ? "" : ", through the phases \(phases.joined(separator: ", "))"
        let clock = result.runs.contains { $0.clock == "virtual" } ? ", in virtual time" : ""
        let environment = result.environment
        let machine = [
            MarkdownText.escaped(environment.cpu), PlainText.counted(environment.cores, "core"),
            "\(MarkdownText.escaped(environment.build)) build",
        ].joined(separator: ", ")
        return """
            # \(name)

            \(summary.last.map { ".?!".contains($0) } == true ? summary : summary + ".") The same planned load (seed \(scenario.seed)) was offered \
            to \(targets)\(times)\(clock)\(course), on \(machine).\(targetList(result))
            """
    }

    /// The targets with their plugins, as far as a sentence can hold them.
    private static func targetList(_ result: RunResult) -> String {
        let names = result.targetNames
        guard !names.isEmpty else { return "" }
        let shown = names.prefix(8).map { name in
            let use = result.runs.first { $0.target == name }?.use
            return MarkdownText.code(name, limit: 60) + (use.map { " (\(MarkdownText.escaped($0, limit: 60)))" } ?? "")
        }
        let rest = names.count > shown.count ? ["\(names.count - shown.count) more"] : []
        return " \(names.count == 1 ? "Target" : "Targets"): \((shown + rest).joined(separator: ", "))."
    }

    private static func baseline(_ result: RunResult) -> MarkdownSection {
        let lines = BaselineReport.lines(of: result).map { "- \(MarkdownText.escaped($0))" }
        return MarkdownSection(title: "Baseline", lines: lines, expendability: 3)
    }

    private static func notes(_ result: RunResult) -> MarkdownSection {
        let notes = result.notes.prefix(50).map { "- \(MarkdownText.escaped($0))" }
        let rest = result.notes.count > 50 ? ["- *\(result.notes.count - 50) further notes are in `result.json`.*"] : []
        return MarkdownSection(title: "Notes", lines: notes + rest, expendability: 2)
    }

    private static func options(_ result: RunResult) -> MarkdownSection {
        var table = MarkdownTable([.left("Target"), .left("Plugin"), .left("Options")])
        for target in result.targetNames {
            guard let run = result.runs.first(where: { $0.target == target }) else { continue }
            let options = MarkdownText.code(OptionsText.text(run.options))
            table.append([MarkdownText.code(target, limit: 60), MarkdownText.code(run.use), options])
        }
        return MarkdownSection(
            title: "Targets and their options",
            lines: table.isEmpty ? [] : table.lines,
            isFolded: true,
            expendability: 5
        )
    }

    private static func environment(_ result: RunResult) -> MarkdownSection {
        let environment = result.environment
        var table = MarkdownTable([.left("Environment"), .left("")])
        let rows: [(String, String?)] = [
            ("Scenario file", result.scenario.file), ("Scenario digest", result.scenario.digest),
            ("Recording", result.scenario.record.rawValue), ("CPU", environment.cpu),
            ("Cores", "\(environment.cores)"), ("Memory", QuantityText.bytes(Double(environment.memoryBytes))),
            ("Kernel", environment.kernel), ("Swift", environment.swift), ("Build", environment.build),
            ("Revision", environment.revision), ("Allocator", environment.allocator),
            ("Started", environment.startedAt), ("Took", QuantityText.seconds(environment.seconds)),
            ("Command", environment.command),
        ]
        for case (let name, let value?) in rows { table.append([name, MarkdownText.code(value)]) }
        return MarkdownSection(title: "Environment", lines: table.lines, isFolded: true, expendability: 3)
    }

    private static let glossary = MarkdownSection(
        title: "Words used here",
        lines: [
            "- **Target**: the system under test. **Operation**: one planned piece of work that is offered to it.",
            "- **Response**: from the moment an operation was due to its end, waiting included; the figure a caller feels.",
            "- **Service**: from the start of an operation's work to its end.",
            "- **Queue wait**: from the submission of an operation to the start of its work.",
            "- **Lateness**: how long after it was due the harness submitted an operation; large values make a run invalid.",
            "- **p50, p99**: 50 % and 99 % of the operations took at most this long.",
            "- **Invariant**: must hold for every single operation of a run. **Expectation**: a limit on a figure.",
            "- **Margin**: how far a figure is from its limit, as a share of the limit; positive is on the good side.",
        ],
        isFolded: true,
        expendability: 1
    )
}
