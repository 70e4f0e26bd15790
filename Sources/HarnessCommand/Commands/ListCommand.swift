internal import ArgumentParser
internal import HarnessKit

/// `harness list`: what scenarios can name.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists what scenarios can name, with one sentence each.",
        discussion: "'harness describe <id>' shows the options of a target, invariant, load, fault, metric or reporter."
    )

    @Argument(help: "What to list.")
    var topic: CatalogueTopic

    @Flag(help: "Print a JSON array of objects instead of a table.")
    var json = false

    func run() async throws {
        let context = CommandContext.require()
        let entries = Catalogue(registry: context.registry).entries(of: topic)
        guard json else {
            context.terminal.print(TextTable(rows: entries.map { [$0.id, $0.unit ?? "", $0.summary] }).text)
            return
        }
        let values = entries.map { entry -> JSONValue in
            var object: JSONValue.Object = ["id": .string(entry.id)]
            object["unit"] = entry.unit.map { .string($0) }
            object["summary"] = .string(entry.summary)
            return .object(object)
        }
        context.terminal.print(JSONValue.array(values).prettyText)
    }
}
