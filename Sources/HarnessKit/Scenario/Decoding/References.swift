/// Puts the values of `vars` and of the environment in for `${name}`, `${env:NAME}` and `${env:NAME:-default}`.
///
/// A string that is nothing but one reference to a variable becomes the variable's value with its type; elsewhere the
/// value is put into the text.
struct References {
    private let log: DecodingLog
    private let environment: [String: String]
    private let variables: [(name: String, node: Node)]
    private let nodes: [String: Node]
    private let names: [String]
    private var states: [String: State] = [:]
    /// How many more values and characters may be put in: references to references grow exponentially.
    private var budget = 1 << 20

    private enum State {
        case resolving
        case resolved(LocatedValue?)
    }

    /// - Parameters:
    ///   - root: The scenario's tree.
    ///   - environment: Environment variables by name.
    ///   - log: Where problems go.
    init(root: Node, environment: [String: String], log: DecodingLog) {
        self.log = log
        self.environment = environment
        variables = root.member("vars")?.members ?? []
        nodes = Dictionary(variables.map { ($0.name, $0.node) }) { first, _ in first }
        names = variables.map(\.name)
    }

    /// The tree without references; `vars` itself keeps its place with resolved values.
    mutating func resolve(_ root: Node) -> LocatedValue {
        guard case .object(let members) = root.value.content else { return root.value }
        if let node = root.member("vars"), node.members == nil {
            let _: Never? = log.wrongType(node, "the variables as an object")
        }
        var resolved = members
        for (index, member) in members.enumerated() where member.name != "vars" {
            resolved[index].value = substitute(root.child(member.name, member.value)) ?? member.value
        }
        for (name, node) in variables where states[name] == nil {
            log.error("the variable \"\(name)\" is not used; remove it or refer to it as ${\(name)}", at: node)
        }
        if let index = resolved.firstIndex(where: { $0.name == "vars" }), !variables.isEmpty {
            resolved[index].value.content = .object(
                variables.map { name, node in
                    let value = if case .resolved(let value?) = states[name] { value } else { node.value }
                    return LocatedValue.Member(name: name, nameOffset: node.value.offset, value: value)
                }
            )
        }
        return LocatedValue(.object(resolved), offset: root.value.offset, origin: root.value.origin)
    }

    private mutating func substitute(_ node: Node) -> LocatedValue? {
        switch node.value.content {
        case .string(let text):
            return text.contains("${") ? substitute(text, at: node) : node.value
        case .array:
            var copy = node.value
            copy.content = .array((node.elements ?? []).map { substitute($0) ?? $0.value })
            return copy
        case .object(let members):
            var copy = node.value
            copy.content = .object(
                members.map { member in
                    var resolved = member
                    resolved.value = substitute(node.child(member.name, member.value)) ?? member.value
                    return resolved
                }
            )
            return copy
        default:
            return node.value
        }
    }

    private mutating func substitute(_ text: String, at node: Node) -> LocatedValue? {
        guard let parts = ReferenceText.parse(text) else {
            log.error("\"\(text.shortened)\" has a reference without its end; close it with '}'", at: node)
            return nil
        }
        if case .reference(let name) = parts.first, parts.count == 1 {
            guard budget > 0, let value = value(of: name, at: node), spend(value.weight, at: node) else { return nil }
            let depth = node.pointer.tokens.count + value.depth
            guard depth <= JSONReader.depthLimit else {
                log.error("the value of ${\(name)} nests deeper than \(JSONReader.depthLimit) levels here", at: node)
                return nil
            }
            return value.withOrigin(.reference("${\(name)}"), offset: node.value.offset)
        }
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .reference(let name):
                guard let value = value(of: name, at: node) else { return nil }
                guard let text = value.inText else {
                    log.error("${\(name)} is \(value.kindName); only a value without parts fits into a text", at: node)
                    return nil
                }
                guard spend(text.utf8.count, at: node) else { return nil }
                result += text
            }
        }
        return LocatedValue(.string(result), offset: node.value.offset, origin: .reference(text))
    }

    private mutating func spend(_ amount: Int, at node: Node) -> Bool {
        let wasPositive = budget > 0
        budget -= amount
        if budget > 0 { return true }
        if wasPositive { log.error("the references grow to more than a megabyte; refer to less", at: node) }
        return false
    }

    private mutating func value(of name: String, at node: Node) -> LocatedValue? {
        if name.hasPrefix("env:") { return environmentValue(of: name.dropFirst(4), at: node) }
        guard let variable = nodes[name] else {
            let hint = Spelling.hint(for: name, among: names)
            log.error("the variable \"\(name.shortened)\" is not defined in \"vars\"\(hint)", at: node)
            return nil
        }
        switch states[name] {
        case .resolved(let value): return value
        case .resolving:
            log.error("the variable \"\(name)\" refers to itself; break the circle", at: node)
            return nil
        case nil:
            states[name] = .resolving
            let value = substitute(variable)
            states[name] = .resolved(value)
            return value
        }
    }

    private func environmentValue(of reference: Substring, at node: Node) -> LocatedValue? {
        let parts = reference.split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let origin = LocatedValue.Origin.reference("${env:\(reference)}")
        // As in a shell, an empty variable counts as unset where a default is given.
        if let value = environment[name], parts.count == 1 || !value.isEmpty {
            return LocatedValue(.string(value), offset: node.value.offset, origin: origin)
        }
        if parts.count == 2 {
            return LocatedValue(.string(String(parts[1])), offset: node.value.offset, origin: origin)
        }
        let mend = "set it, or give a default as ${env:\(name):-value}"
        log.error("the environment variable \"\(name.shortened)\" is not set; \(mend)", at: node)
        return nil
    }
}

/// A string split at its references.
enum ReferenceText {
    enum Part: Equatable {
        case text(String)
        case reference(String)
    }

    /// The parts of a text; `nil` when a reference is not closed.
    static func parse(_ text: String) -> [Part]? {
        var parts: [Part] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "${") {
            if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
            guard let close = rest[open.upperBound...].firstIndex(of: "}") else { return nil }
            parts.append(.reference(String(rest[open.upperBound..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty || parts.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }
}

extension LocatedValue {
    /// The value as part of a longer text; `nil` for arrays and objects.
    fileprivate var inText: String? {
        switch content {
        case .string(let text): text
        case .array, .object: nil
        default: plain.canonicalText
        }
    }

    /// How many levels the value nests.
    fileprivate var depth: Int {
        switch content {
        case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
        default: 0
        }
    }

    /// How many values and characters it holds.
    fileprivate var weight: Int {
        switch content {
        case .string(let text): 1 + text.utf8.count
        case .array(let elements): elements.reduce(1) { $0 + $1.weight }
        case .object(let members): members.reduce(1) { $0 + $1.name.utf8.count + $1.value.weight }
        default: 1
        }
    }
}
