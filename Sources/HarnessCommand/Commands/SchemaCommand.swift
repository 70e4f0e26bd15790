internal import ArgumentParser
internal import HarnessKit

/// `harness schema`: prints the JSON schema of scenario files.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON schema of scenario files, with the options of every plugin.",
        discussion: "Editors that know JSON Schema (draft 2020-12) complete and check scenarios with it."
    )

    func run() async throws {
        let context = CommandContext.require()
        context.terminal.write(ScenarioSchema.make(registry: context.registry))
    }
}
