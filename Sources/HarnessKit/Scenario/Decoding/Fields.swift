/// The members of an object, checked against its shape: what remains is to read each value.
struct Fields {
    let node: Node
    private let log: DecodingLog
    private let nodes: [String: Node]

    /// Checks the keys of an object; `nil` when the value is none.
    init?(_ node: Node, as shape: ObjectShape, _ log: DecodingLog) {
        guard case .object(let members) = node.value.content else {
            let _: Fields? = log.wrongType(node, "\(shape.noun) as an object")
            return nil
        }
        self.node = node
        self.log = log
        var nodes: [String: Node] = [:]
        let known = Set(shape.fields.map(\.name))
        var hasStrangers = false
        for member in members {
            if known.contains(member.name) {
                nodes[member.name] = node.child(member.name, member.value)
                continue
            }
            hasStrangers = true
            if let message = shape.refused[member.name] {
                log.error("\"\(member.name)\": \(message)", atKey: member, of: node)
            } else if shape.isClosed {
                let hint = Spelling.hint(for: member.name, among: shape.fields.map(\.name))
                log.error("unknown key \"\(member.name.shortened)\"\(hint)", atKey: member, of: node)
            }
        }
        for field in shape.fields where nodes[field.name] == nil {
            if field.isRequired {
                let summary = field.summary.isEmpty ? "" : ": \(field.summary)"
                log.error("the key \"\(field.name)\" is missing; add it\(summary)", at: node)
            } else if let value = field.defaultValue {
                log.useDefault(value, for: field.name, in: node)
                let offset = node.value.offset
                nodes[field.name] = node.child(
                    field.name,
                    LocatedValue(plain: value, offset: offset, origin: .byDefault)
                )
            }
        }
        self.nodes = nodes
        checkGroups(of: shape, hasStrangers: hasStrangers)
    }

    /// Keys that are wrong already explain why none of the right ones is there.
    private func checkGroups(of shape: ObjectShape, hasStrangers: Bool) {
        guard !shape.exactlyOneOf.isEmpty else { return }
        let begun = shape.exactlyOneOf.filter { group in group.first.map { nodes[$0] != nil } ?? false }
        let choices = shape.exactlyOneOf.map { group in group.map { "\"\($0)\"" }.joined(separator: " with ") }
        guard begun.count == 1, let group = begun.first else {
            if begun.isEmpty, hasStrangers { return }
            let state = begun.isEmpty ? "none" : "several"
            log.error("\(shape.noun) needs one of \(choices.joined(separator: ", ")) and has \(state)", at: node)
            return
        }
        for name in group where nodes[name] == nil {
            log.error("the key \"\(name)\" is missing; \(shape.noun) with \"\(group[0])\" needs it", at: node)
        }
    }

    /// The node of a key, also when its value is a default.
    subscript(name: String) -> Node? { nodes[name] }

    /// Reads the value of a key; `nil` when it is absent or wrong.
    func read<Value>(_ name: String, _ read: (Node) -> Value?) -> Value? {
        nodes[name].flatMap(read)
    }

    /// Reports when the values of two keys of one kind are out of order.
    func requireOrder<Value: Comparable>(
        _ low: (name: String, value: Value?),
        _ high: (name: String, value: Value?),
        orEqual: Bool
    ) {
        guard let lowValue = low.value, let highValue = high.value, let node = nodes[high.name] else { return }
        if lowValue < highValue || (orEqual && lowValue == highValue) { return }
        log.error("\"\(high.name)\" must be \(orEqual ? "at least" : "more than") \"\(low.name)\"", at: node)
    }
}
