/// Puts values given as `path=value` into a scenario's tree, before anything of it is decoded.
///
/// A path names keys of objects, and elements of arrays by their `id`, `name`, `use` or index, from 0:
/// `load.phases.hold.rate=900/s`. A value that is JSON is taken as such, anything else as a string.
struct Overrides {
    private let log: DecodingLog

    init(log: DecodingLog) {
        self.log = log
    }

    func apply(_ settings: [String], to root: LocatedValue) -> LocatedValue {
        settings.reduce(root) { tree, setting in apply(setting, to: tree) ?? tree }
    }

    private func apply(_ setting: String, to root: LocatedValue) -> LocatedValue? {
        let rootNode = Node(value: root, pointer: JSONPointer())
        guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
            log.error("--set \(setting.shortened): write path=value, as load.phases.hold.rate=900/s", at: rootNode)
            return nil
        }
        let text = String(setting[setting.index(after: equals)...])
        guard let value = value(of: text, setting: setting, root: rootNode) else { return nil }
        let path = String(setting[..<equals])
        return replace(in: rootNode, path: Substring(path), whole: path) { old in
            LocatedValue(plain: value, offset: old.offset, origin: .setting(setting))
        }
    }

    /// The value of a setting: JSON where it looks like JSON, else a string.
    private func value(of text: String, setting: String, root: Node) -> JSONValue? {
        let (value, problems) = JSONReader.read(SourceText(path: "--set", bytes: Array(text.utf8)))
        if let value, problems.isEmpty { return value.plain }
        guard let first = text.utf8.first, [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\"")].contains(first)
        else { return .string(text) }
        let reason = problems.first.map { ": column \($0.column): \($0.message)" } ?? ""
        log.error("--set \(setting.shortened) holds broken JSON\(reason)", at: root)
        return nil
    }

    /// Descends along a path; keys may contain dots, so that at each level the longest key that fits is taken.
    private func replace(
        in node: Node,
        path: Substring,
        whole: String,
        with make: (LocatedValue) -> LocatedValue
    ) -> LocatedValue? {
        if path.isEmpty { return make(node.value) }
        var copy = node.value
        switch node.value.content {
        case .object(var members):
            guard let (index, rest) = longestMatch(of: path, among: members.map { [$0.name] }) else {
                return missing(path, in: node, whole: whole, candidates: members.map(\.name))
            }
            let child = node.child(members[index].name, members[index].value)
            guard let value = replace(in: child, path: rest, whole: whole, with: make) else { return nil }
            members[index].value = value
            copy.content = .object(members)
        case .array(var elements):
            let names = elements.enumerated().map { $1.selectors + [String($0)] }
            guard let (index, rest) = longestMatch(of: path, among: names) else {
                return missing(path, in: node, whole: whole, candidates: names.compactMap(\.first))
            }
            let child = Node(value: elements[index], pointer: node.pointer.appending(index))
            guard let value = replace(in: child, path: rest, whole: whole, with: make) else { return nil }
            elements[index] = value
            copy.content = .array(elements)
        default:
            return missing(path, in: node, whole: whole, candidates: [])
        }
        return copy
    }

    private func longestMatch(of path: Substring, among names: [[String]]) -> (index: Int, rest: Substring)? {
        var best: (index: Int, length: Int)?
        for (index, alternatives) in names.enumerated() {
            for name in alternatives where path == name || path.hasPrefix(name + ".") {
                if name.count > (best?.length ?? 0) { best = (index, name.count) }
            }
        }
        return best.map { ($0.index, path.dropFirst($0.length).drop { $0 == "." }) }
    }

    private func missing(_ rest: Substring, in node: Node, whole: String, candidates: [String]) -> LocatedValue? {
        let prefix = whole.dropLast(rest.count).trimmingSuffix(".")
        let step = rest.prefix { $0 != "." }
        let place = prefix.isEmpty ? "the scenario" : "\"\(prefix)\", the part of it that exists,"
        let hint = Spelling.hint(for: String(step), among: candidates)
        log.error("--set \(whole.shortened): \(place) has no \"\(step)\"\(hint)", at: node)
        return nil
    }
}

extension LocatedValue {
    /// The names that a path may select an array's element by.
    fileprivate var selectors: [String] {
        switch content {
        case .string(let text): return [text]
        case .object(let members):
            return ["id", "name", "use"].compactMap { key in
                guard case .string(let text) = members.first(where: { $0.name == key })?.value.content else {
                    return nil
                }
                return text
            }
        default: return []
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> Substring {
        hasSuffix(suffix) ? dropLast(suffix.count) : self
    }
}
