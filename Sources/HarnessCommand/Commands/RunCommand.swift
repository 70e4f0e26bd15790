internal import ArgumentParser
internal import HarnessKit
internal import HarnessReports

/// `harness run`: runs scenarios, prints what came of them and leaves a run folder for each.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs scenarios and reports what happened.",
        discussion: """
            All files are checked before anything runs. Every scenario leaves a folder \
            <out>/<scenario>/<time>-<revision>-<digest>/ with result.json, which all other reports can be rebuilt from. \
            Ctrl-C ends the load, waits a little for what is in flight and reports what is known; a second one exits at once.

            Exit codes: 0 pass; 1 usage or scenario error; 2 regression; 3 expectation failed; 4 invariant violated; 5 invalid or \
            inconclusive run; 130 interrupted. Of several the first of 4, 3, 2, 5 counts.
            """
    )

    @OptionGroup var selection: ScenarioSelection

    @Option(help: ArgumentHelp("The folder of all runs.", valueName: "dir"))
    var out = "Reports/runs"

    @Option(help: "Take only scenarios that run on this clock, and run them on no other.")
    var clock: ClockChoice?

    @Option(
        help: ArgumentHelp(
            "Run targets in virtual time under this many seeds, counted up from the scenario's.",
            valueName: "count"
        )
    )
    var seeds: Int?

    @Flag(name: .customLong("verify-determinism"), help: "Make every run in virtual time again, and compare.")
    var verifiesDeterminism = false

    @Option(
        help: ArgumentHelp(
            "Report formats, separated by commas, instead of the scenario's; result.json is always written.",
            valueName: "list"
        )
    )
    var format: String?

    @Option(help: ArgumentHelp("Hold the results against the baselines of this folder.", valueName: "dir"))
    var baseline: String?

    @Option(help: "How progress is shown: one updating line on a terminal, plain lines, or nothing.")
    var progress = ProgressChoice.auto

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "Verdicts that make the exit code non-zero, separated by commas: fail, invalid, inconclusive.",
            valueName: "list"
        )
    )
    var failOn = "fail,invalid,inconclusive"

    func validate() throws {
        if let seeds, !(1...1_000_000).contains(seeds) {
            throw ValidationError("--seeds takes a number from 1 to 1000000.")
        }
    }

    func run() async throws {
        let context = CommandContext.require()
        let formats = try format.map { try FormatList.parse($0) }
        let failing = try VerdictList.parse(failOn)
        let choices = RunChoices(clock: clock?.clock, seeds: seeds, verifiesDeterminism: verifiesDeterminism)
        let suite = try RunSuite(
            context: context,
            selection: selection,
            choices: choices,
            out: out,
            formats: formats,
            baselines: baseline.map { BaselineStore(folder: $0) }
        )
        let interruption = Interruption()
        let watcher = InterruptWatcher(interruption)
        defer { watcher.cancel() }
        let entries = try await suite.run(
            observer: progress.observer(on: context.terminal),
            interruption: interruption
        )
        throw HarnessExit(entries.map(\.result), failingOn: failing)
    }
}

/// What the command line changes in every scenario.
struct RunChoices {
    /// The only clock; `nil` for each scenario's own.
    var clock: RunClock?
    /// How many seeds; `nil` for each scenario's own.
    var seeds: Int?
    /// Whether all runs in virtual time are made twice.
    var verifiesDeterminism = false

    /// The scenario as the command line wants it.
    func applied(to scenario: Scenario) -> Scenario {
        guard scenario.clocks.contains(.virtual) else { return scenario }
        var scenario = scenario
        if let seeds { scenario.runs.virtualSeeds = seeds }
        if verifiesDeterminism { scenario.runs.verifyDeterminism = true }
        return scenario
    }
}

/// The clocks that runs can take place on.
enum ClockChoice: String, ExpressibleByArgument, CaseIterable {
    case real
    case virtual

    var clock: RunClock {
        switch self {
        case .real: .real
        case .virtual: .virtual
        }
    }
}
