internal import ArgumentParser
internal import HarnessKit

/// `harness describe`: what a plugin is and which options it has.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Shows a target, invariant, load, fault, metric or reporter with its options."
    )

    @Argument(help: "An id, as 'harness list' shows it.")
    var id: String

    func run() async throws {
        let context = CommandContext.require()
        let catalogue = Catalogue(registry: context.registry)
        let found = catalogue.entries(named: id)
        guard !found.isEmpty else {
            let known = CatalogueTopic.allCases.flatMap { catalogue.entries(of: $0).map(\.id) }
            context.terminal.error("error: there is nothing called '\(id)'\(NameHint.text(for: id, among: known))")
            throw HarnessExit.usage
        }
        context.terminal.print(found.map { Self.text(of: $0.entry, $0.topic) }.joined(separator: "\n\n"))
    }

    private static func text(of entry: Catalogue.Entry, _ topic: CatalogueTopic) -> String {
        var lines = ["\(entry.id) (\(topic.rawValue))", "  \(entry.summary)"]
        if let unit = entry.unit { lines.append("  unit: \(unit)") }
        lines += entry.facts.map { "  \($0)" }
        if let shape = entry.shape {
            lines.append("")
            lines.append(shape.fields.isEmpty ? "No options." : "Options:")
            let rows = shape.fields.map { field in
                let state =
                    field.isRequired ? "required" : field.defaultValue.map { "default \($0.canonicalText)" } ?? ""
                return ["  \(field.name)", field.shape.words, state, field.summary]
            }
            if !rows.isEmpty { lines.append(TextTable(rows: rows).text) }
        }
        return lines.joined(separator: "\n")
    }
}
