internal import ArgumentParser
private import FoundationEssentials
internal import HarnessKit

/// `harness new`: writes a scenario to begin with.
struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes a scenario file to begin with.",
        discussion: "An existing file is never overwritten."
    )

    @Argument(help: "What the scenario is about.")
    var template: ScenarioTemplate

    @Argument(help: "The file to write.")
    var file: String

    func run() async throws {
        let context = CommandContext.require()
        guard let text = template.text(name: Self.scenarioName(of: file), registry: context.registry) else {
            context.terminal.error(
                "error: this executable has no target plugin that works without options; register one"
            )
            throw HarnessExit.usage
        }
        if FileManager.default.fileExists(atPath: file) {
            context.terminal.error("error: \(file) exists; name another file or remove it")
            throw HarnessExit.usage
        }
        do {
            try Data(text.utf8).write(to: URL(filePath: file), options: .withoutOverwriting)
        } catch {
            context.terminal.error(
                "error: \(file) cannot be written; check that its folder exists and may be written to"
            )
            throw HarnessExit.usage
        }
        context.terminal.print("\(file): written; 'harness validate \(file)' checks it after changes")
    }

    /// The file's name without its ending, in the characters that names of scenarios have.
    private static func scenarioName(of file: String) -> String {
        let stem = URL(filePath: file).deletingPathExtension().lastPathComponent
        let allowed = stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }
        let name = String(allowed.drop { ".-".contains($0) }.prefix(100))
        return name.isEmpty ? "scenario" : name
    }
}
