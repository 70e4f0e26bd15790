internal import ArgumentParser
internal import HarnessKit

/// `harness explain`: prints a scenario with everything put in, and where each value comes from.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Prints a scenario with variables, settings and defaults put in, and where each value comes from.",
        discussion: "The output is JSON with comments and can itself be read as a scenario."
    )

    @Argument(help: "A scenario file.")
    var file: String

    @OptionGroup var changes: ScenarioSettings

    func run() async throws {
        let context = CommandContext.require()
        let reading = try context.readScenario(at: file, changes).reading
        guard let resolved = reading.resolved, let digest = reading.digest else { throw HarnessExit.usage }
        context.terminal.print("// \(file), digest \(digest)")
        context.terminal.print(resolved.explanation)
    }
}
