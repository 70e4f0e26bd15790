internal import ArgumentParser
internal import Foundation
internal import HarnessKit
internal import HarnessReports

/// `harness gate`: compares two builds of the harness by scenarios.
struct GateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Compares two builds of this harness by scenarios, pair by pair, and says what got worse.",
        discussion: """
            What must be equal (invariants, histories, counts, allocations) is compared in virtual time. CPU time and \
            throughput are compared by pairs of short runs in random order, within several processes of each build, until \
            every figure is decided or the time is over. What seems worse is run again before it counts, even if the time is \
            over. The scenario's 'regress' says what is compared, and with which margins. A target that the head build lost \
            counts as worse, and so does a head build that crashes or hangs; a base build that does leaves things undecided.

            Exit codes: 0 nothing got worse; 1 the builds cannot be compared; 2 something got worse; 4 an invariant is \
            violated; 5 something could not be decided; 130 interrupted. --fail-on says which of 2 and 5 count.
            """
    )

    @Option(help: ArgumentHelp("The former build's executable.", valueName: "file"))
    var base: String

    @Option(help: ArgumentHelp("The new build's executable.", valueName: "file"))
    var head: String

    @Argument(help: "Scenario files, and folders that are searched for them.")
    var paths: [String]

    @OptionGroup var changes: ScenarioSettings

    @Option(
        name: .customLong("target"),
        help: ArgumentHelp("Take only targets whose id matches; may be repeated to take more.", valueName: "glob")
    )
    var targets: [String] = []

    @Option(help: "Pairs of runs of each target within a process.")
    var pairs = 10

    @Option(help: "The most processes of each build.")
    var processes = 32

    @Option(
        help: ArgumentHelp(
            "The time after which no further processes begin, but for those that make suspicions sure, as 5m.",
            valueName: "duration"
        )
    )
    var budget = "10m"

    @Option(
        name: .customLong("accept"),
        help: ArgumentHelp(
            "What is meant to differ: an exact figure as historyDigest, or a target or clock that is gone; may be repeated.",
            valueName: "glob"
        )
    )
    var accepted: [String] = []

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "Verdicts that make the exit code non-zero, separated by commas: regressed, inconclusive.",
            valueName: "list"
        )
    )
    var failOn = "regressed,inconclusive"

    @Option(help: ArgumentHelp("Write gate.json, gate.md and junit.xml into this folder.", valueName: "dir"))
    var out: String?

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Flag(help: "Say nothing of how far the comparison is.")
    var quiet = false

    func validate() throws {
        guard (1...10_000).contains(pairs) else { throw ValidationError("--pairs takes a number from 1 to 10000.") }
        guard (2...1000).contains(processes) else {
            throw ValidationError("--processes takes a number from 2 to 1000: one says nothing about the next.")
        }
        _ = try seconds(budget)
        _ = try GateVerdictList.parse(failOn)
    }

    func run() async throws {
        let context = CommandContext.require()
        let (files, errors) = ScenarioPaths.expand(paths)
        for error in errors { context.terminal.error("error: \(error)") }
        guard errors.isEmpty else { throw HarnessExit.usage }
        let failing = try GateVerdictList.parse(failOn)
        let interruption = Interruption()
        let watcher = InterruptWatcher(interruption)
        defer { watcher.cancel() }
        let session = GateSession(
            base: base,
            head: head,
            arguments: files + changes.settings.flatMap { ["--set", $0] }
                + (changes.seed.map { ["--seed", "\($0)"] } ?? []),
            schedule: GateSchedule(pairs: pairs, processes: processes, budget: try seconds(budget)),
            accepted: accepted,
            targets: targets,
            seed: changes.seed ?? 1,
            interruption: interruption
        ) { [quiet] line in
            if !quiet { context.terminal.error("gate: \(line)") }
        }
        let report: GateReport
        do throws(GateError) {
            report = try await session.run()
        } catch {
            context.terminal.error("error: \(error)")
            throw HarnessExit.usage
        }
        try write(report, context)
        throw HarnessExit(report, failingOn: failing)
    }

    private func write(_ report: GateReport, _ context: CommandContext) throws {
        let files = GateReports.files(of: report)
        if json {
            context.terminal.write(files.first { $0.name == "gate.json" }?.text ?? "")
        } else {
            context.terminal.write(GateReports.console(report, colour: StandardStream.output.showsColour))
        }
        guard let out else { return }
        do {
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
            for file in files { try RunFolder.replace(file: "\(out)/\(file.name)", text: file.text) }
        } catch {
            context.terminal.error("error: cannot write into \(out): \(error)")
            throw HarnessExit.usage
        }
    }

    private func seconds(_ text: String) throws -> Double {
        do throws(Measure.Mistake) {
            return try Measure.duration.read(text)
        } catch {
            throw ValidationError("--budget: \(error.message)")
        }
    }
}

/// The verdicts of `harness gate --fail-on`.
enum GateVerdictList {
    static func parse(_ list: String) throws -> Set<RegressionRow.Verdict> {
        Set(
            try list.split(separator: ",").map { word in
                guard let verdict = RegressionRow.Verdict(rawValue: String(word.filter { $0 != " " })),
                    [.regressed, .inconclusive].contains(verdict)
                else { throw ValidationError("--fail-on takes regressed and inconclusive, not '\(word)'.") }
                return verdict
            }
        )
    }
}

extension HarnessExit {
    /// The exit code of a comparison; a violated invariant and an interruption always count.
    init(_ report: GateReport, failingOn failing: Set<RegressionRow.Verdict>) {
        let status = report.status
        let always: [ExitStatus] = [.invariantViolated, .interrupted]
        let counts = always.contains(status) || failing.contains(report.verdict)
        self = counts ? HarnessExit(rawValue: status.rawValue) ?? .invalid : .pass
    }
}
