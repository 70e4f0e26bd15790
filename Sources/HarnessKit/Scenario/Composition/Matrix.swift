/// The variants of a scenario: every combination of some values.
struct Matrix {
    /// The settings of each variant, as `path=value`, in the order of the file.
    private(set) var cells: [Cell] = []

    /// The paths that take more than one value in them, in the order of the file.
    var axes: [String] {
        let paths = cells.flatMap { $0.values.map(\.path) }.uniqued
        return paths.filter { path in
            Set(cells.map { cell in cell.values.first { $0.path == path }?.value.canonicalText }).count > 1
        }
    }

    /// One variant.
    struct Cell: Equatable {
        /// What is put into the scenario, by path.
        var values: [(path: String, value: JSONValue)]

        /// The values as settings of the command line.
        var settings: [String] { values.map { "\($0.path)=\($0.value.canonicalText)" } }

        /// What tells the variant from others, fit for a name.
        var slug: String {
            let text = values.map { path, value in
                let key = path.split(separator: ".").last.map(String.init) ?? path
                let text = if case .string(let text) = value { text } else { value.canonicalText }
                return "\(key)-\(text)"
            }.joined(separator: "-").map { character in
                character.isASCII && (character.isLetter || character.isNumber || character == ".") ? character : "-"
            }.reduce(into: "") { text, character in
                // Runs of what no name holds become one dash.
                if character != "-" || text.last != "-" { text.append(character) }
            }
            return text.hasSuffix("-") ? String(text.dropLast()) : text
        }

        static func == (left: Cell, right: Cell) -> Bool {
            left.values.map(\.path) == right.values.map(\.path) && left.values.map(\.value) == right.values.map(\.value)
        }
    }

    /// The most variants of one scenario.
    static let cellLimit = 1000

    /// Reads `matrix`: lists of values by path, and `include` and `exclude` as lists of such values.
    init?(_ node: Node, _ log: DecodingLog) {
        guard let members = node.members else {
            let _: Never? = log.wrongType(node, "the matrix as an object of paths with lists of values")
            return nil
        }
        var axes: [(path: String, values: [JSONValue])] = []
        for (path, node) in members where path != "include" && path != "exclude" {
            guard let elements = node.elements else {
                let _: Never? = log.wrongType(node, "a list of values")
                continue
            }
            if elements.isEmpty { log.error("the list is empty; write at least one value", at: node) }
            axes.append((path, elements.map(\.value.plain)))
        }
        let excluded = Self.choices(node.member("exclude"), log)
        for (choice, node) in excluded {
            for (path, _) in choice where !axes.contains(where: { $0.path == path }) {
                let hint = Spelling.hint(for: path, among: axes.map(\.path))
                log.error("the matrix has no \"\(path.shortened)\"\(hint)", at: node)
            }
        }
        guard axes.reduce(1, { $0 * Double($1.values.count) }) <= Double(Self.cellLimit) else {
            log.error("the matrix has more than \(Self.cellLimit) variants; split the scenario", at: node)
            return nil
        }
        let products = axes.reduce([[(path: String, value: JSONValue)]]([[]])) { cells, axis in
            cells.flatMap { cell in axis.values.map { cell + [(axis.path, $0)] } }
        }
        let kept = products.filter { cell in
            !excluded.contains { choice, _ in
                choice.allSatisfy { path, value in cell.contains { $0.path == path && $0.value == value } }
            }
        }
        cells = (axes.isEmpty ? [] : kept).map { Cell(values: $0) }
        cells += Self.choices(node.member("include"), log).map { Cell(values: $0.0) }
        if cells.isEmpty { log.error("the matrix leaves no variant; give a list of values, or remove it", at: node) }
    }

    private static func choices(
        _ node: Node?,
        _ log: DecodingLog
    ) -> [([(path: String, value: JSONValue)], Node)] {
        guard let node else { return [] }
        guard let elements = node.elements else {
            let _: Never? = log.wrongType(node, "a list of objects")
            return []
        }
        return elements.compactMap { element in
            guard let members = element.members, !members.isEmpty else {
                log.error("expected an object of paths with values", at: element)
                return nil
            }
            return (members.map { ($0.name, $0.node.value.plain) }, element)
        }
    }
}
