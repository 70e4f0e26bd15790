private import FoundationEssentials

/// Puts the files together that a scenario is made of: the one that it extends, and the fragments that it includes.
///
/// `extends` names one file; what the scenario says itself goes before it. `include` names fragments, later ones before
/// earlier ones; the scenario goes before all. Objects are merged member by member. Of the lists that a scenario consists
/// of, elements with the same `id`, `name`, `use` or `that` are merged, and others are appended; any other value replaces
/// the former one, and `null` removes it. Paths are relative to the file that names them.
struct Composition {
    /// How deep files may name files.
    private static let depthLimit = 8

    private let load: (String) -> Result<SourceText, ScenarioProblem>
    private(set) var problems: [ScenarioProblem] = []

    init(load: @escaping (String) -> Result<SourceText, ScenarioProblem> = SourceText.load) {
        self.load = load
    }

    /// The whole tree of a scenario.
    ///
    /// - Parameters:
    ///   - root: The tree of the scenario's own file.
    ///   - source: That file.
    /// - Returns: The tree without `extends` and `include`; what went wrong is in ``problems``.
    mutating func compose(_ root: LocatedValue, _ source: SourceText) -> LocatedValue {
        compose(root, source, chain: [Self.standard(source.path)])
    }

    private mutating func compose(_ root: LocatedValue, _ source: SourceText, chain: [String]) -> LocatedValue {
        let parts = [("extends", names(root, "extends", source)), ("include", names(root, "include", source))]
        guard parts.contains(where: { $0.1 != nil }) else { return root }
        var whole: LocatedValue?
        for (key, named) in parts {
            for (path, node) in named ?? [] {
                guard let part = part(path, node, key, source, chain: chain) else { continue }
                whole = whole.map { part.merged(over: $0, list: nil) } ?? part
            }
        }
        let own = root.removing(["extends", "include"])
        return whole.map { own.merged(over: $0, list: nil) } ?? own
    }

    private mutating func part(
        _ path: String,
        _ node: Node,
        _ key: String,
        _ source: SourceText,
        chain: [String]
    ) -> LocatedValue? {
        let folder = source.path.lastIndex(of: "/").map { source.path[...$0] } ?? ""
        let place = path.hasPrefix("/") ? path : folder + path
        guard !chain.contains(Self.standard(place)) else {
            complain("\"\(path.shortened)\" is a part of itself; break the circle", at: node, source)
            return nil
        }
        guard chain.count <= Self.depthLimit else {
            complain("the files name each other more than \(Self.depthLimit) levels deep", at: node, source)
            return nil
        }
        switch load(place) {
        case .failure(let problem):
            complain("\"\(path.shortened)\": \(problem.message)", at: node, source)
            return nil
        case .success(let text):
            let (tree, problems) = JSONReader.read(text)
            self.problems += problems
            guard let tree else { return nil }
            guard case .object = tree.content else {
                complain("\"\(path.shortened)\" holds \(tree.kindName), and a scenario is an object", at: node, source)
                return nil
            }
            let whole = compose(tree, text, chain: chain + [Self.standard(place)])
            // A scenario keeps its own name, and says for itself what it is for.
            let taken = key == "extends" ? whole.removing(["name", "$schema"]) : whole.removing(["$schema", "format"])
            return taken.located(in: text, offset: node.value.offset)
        }
    }

    /// The paths of `extends`, one, or `include`, a list; `nil` when the key is absent.
    private mutating func names(
        _ root: LocatedValue,
        _ key: String,
        _ source: SourceText
    ) -> [(path: String, node: Node)]? {
        guard let node = Node(value: root, pointer: JSONPointer()).member(key) else { return nil }
        let nodes: [Node]
        if key == "extends" {
            nodes = [node]
        } else if let elements = node.elements {
            nodes = elements
        } else {
            complain("expected an array, found \(node.value.kindName)", at: node, source)
            return []
        }
        return nodes.compactMap { node in
            if case .string(let path) = node.value.content { return (path, node) }
            complain("expected the path of a file, found \(node.value.kindName)", at: node, source)
            return nil
        }
    }

    private mutating func complain(_ message: String, at node: Node, _ source: SourceText) {
        problems.append(
            ScenarioProblem(
                file: source.path,
                position: source.position(at: node.value.offset),
                pointer: node.pointer.description,
                message: message
            )
        )
    }

    private static func standard(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
