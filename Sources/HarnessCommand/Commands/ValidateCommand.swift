internal import ArgumentParser
internal import HarnessKit

/// `harness validate`: reads scenarios and prints all that is wrong with them.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks scenario files and prints every problem with its place.",
        discussion:
            "Problems and warnings go to standard error as path:line:column; the exit code is 1 if any has problems."
    )

    @Argument(help: "Scenario files, and folders that are searched for them.")
    var paths: [String]

    @OptionGroup var changes: ScenarioSettings

    func run() async throws {
        let context = CommandContext.require()
        let (files, errors) = ScenarioPaths.expand(paths)
        for error in errors { context.terminal.error("error: \(error)") }
        var hasProblems = !errors.isEmpty
        for (file, reading) in files.flatMap({ file in context.readAll(file, changes).map { (file, $0) } }) {
            context.printFindings(of: reading)
            guard let scenario = reading.scenario, let digest = reading.digest else {
                hasProblems = true
                continue
            }
            do throws(PlanError) {
                _ = try Plan(scenario)
            } catch {
                context.terminal.error("\(file): \(error)")
                hasProblems = true
                continue
            }
            let targets = scenario.targets.count == 1 ? "1 target" : "\(scenario.targets.count) targets"
            context.terminal.print("\(file): OK (\(scenario.name), \(targets), digest \(digest))")
            for note in AnalyticNotes.notes(for: scenario) { context.terminal.print("  \(note)") }
        }
        if hasProblems { throw HarnessExit.usage }
    }
}
