/// A value of the tree together with its place.
struct Node {
    let value: LocatedValue
    let pointer: JSONPointer

    func child(_ name: String, _ value: LocatedValue) -> Node {
        Node(value: value, pointer: pointer.appending(name))
    }

    /// The members as nodes; `nil` when the value is no object.
    var members: [(name: String, node: Node)]? {
        guard case .object(let members) = value.content else { return nil }
        return members.map { ($0.name, child($0.name, $0.value)) }
    }

    func member(_ name: String) -> Node? {
        guard case .object(let members) = value.content else { return nil }
        return members.first { $0.name == name }.map { child(name, $0.value) }
    }

    /// The elements as nodes; `nil` when the value is no array.
    var elements: [Node]? {
        guard case .array(let elements) = value.content else { return nil }
        return elements.enumerated().map { Node(value: $1, pointer: pointer.appending($0)) }
    }
}

/// Gathers what is found while one file is decoded.
final class DecodingLog {
    private let source: SourceText
    private(set) var problems: [ScenarioProblem] = []
    private(set) var warnings: [ScenarioProblem] = []
    /// The values of keys that the file leaves out, by the pointer of their object.
    private(set) var defaults: [JSONPointer: [(name: String, value: JSONValue)]] = [:]

    init(source: SourceText) {
        self.source = source
    }

    func error(_ message: String, at node: Node) {
        problems.append(problem(message, offset: node.value.offset, node.pointer, node.value.origin, .error))
    }

    func error(_ message: String, atKey member: LocatedValue.Member, of node: Node) {
        let pointer = node.pointer.appending(member.name)
        problems.append(problem(message, offset: member.nameOffset, pointer, member.value.origin, .error))
    }

    func warning(_ message: String, at node: Node) {
        warnings.append(problem(message, offset: node.value.offset, node.pointer, node.value.origin, .warning))
    }

    func useDefault(_ value: JSONValue, for name: String, in node: Node) {
        defaults[node.pointer, default: []].append((name, value))
    }

    func add(_ further: [ScenarioProblem]) {
        problems += further
    }

    private func problem(
        _ message: String,
        offset: Int,
        _ pointer: JSONPointer,
        _ origin: LocatedValue.Origin,
        _ severity: ScenarioProblem.Severity
    ) -> ScenarioProblem {
        let suffix =
            switch origin {
            case .file, .byDefault: ""
            case .reference(let text): " (the value comes from \(text.shortened))"
            case .part(let place): " (the value is written in \(place))"
            case .setting(let text): " (the value comes from --set \(text.shortened))"
            }
        return ScenarioProblem(
            file: source.path,
            position: source.position(at: offset),
            pointer: pointer.description,
            message: message + suffix,
            severity: severity
        )
    }
}
