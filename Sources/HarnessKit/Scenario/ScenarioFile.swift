private import FoundationEssentials

/// What reading a scenario file brought.
public struct ScenarioReading: Sendable {
    /// The file as it was named by the user.
    public var path: String
    /// The scenario; `nil` when there are problems.
    public var scenario: Scenario?
    /// Everything that keeps the scenario from being run, in the order of the file.
    public var problems: [ScenarioProblem] = []
    /// What the author should know although the scenario can be run.
    public var warnings: [ScenarioProblem] = []
    /// The file with all references, settings and defaults put in, each value with its origin; `nil` when it is no JSON.
    public var resolved: LocatedValue?

    /// The number of the matrix's combination, from 1; `nil` for a file without a matrix.
    public var cell: Int?
    /// How many combinations the matrix has; 0 for a file without one.
    public var cells = 0

    /// The digest of the resolved scenario; `nil` when there are problems.
    public var digest: String? {
        guard scenario != nil, let resolved else { return nil }
        return ScenarioFile.digest(of: resolved)
    }
}

/// Reads scenario files.
public enum ScenarioFile {
    /// Reads and checks a scenario file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - registry: The plugins that it may use.
    ///   - settings: Values to put in before anything is decoded, as `load.phases.hold.rate=900/s`.
    ///   - seed: A seed to use instead of the file's.
    ///   - cell: The number of the matrix's combination, from 1; the first when `nil`.
    ///   - environment: The environment variables that references find; the process's own when `nil`.
    /// - Returns: The scenario and all that is wrong with it.
    public static func read(
        path: String,
        registry: PluginRegistry,
        settings: [String] = [],
        seed: UInt64? = nil,
        cell: Int? = nil,
        environment: [String: String]? = nil
    ) -> ScenarioReading {
        switch SourceText.load(path: path) {
        case .failure(let problem):
            return ScenarioReading(path: path, problems: [problem])
        case .success(let source):
            return read(source, registry, settings, seed, cell, environment ?? ProcessInfo.processInfo.environment)
        }
    }

    /// Reads and checks every variant of a scenario file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - registry: The plugins that it may use.
    ///   - settings: Values to put in before anything is decoded.
    ///   - seed: A seed to use instead of the file's.
    ///   - environment: The environment variables that references find; the process's own when `nil`.
    /// - Returns: One reading for each combination of the matrix; one in all for a file without one.
    public static func readAll(
        path: String,
        registry: PluginRegistry,
        settings: [String] = [],
        seed: UInt64? = nil,
        environment: [String: String]? = nil
    ) -> [ScenarioReading] {
        func read(_ cell: Int?) -> ScenarioReading {
            self.read(
                path: path,
                registry: registry,
                settings: settings,
                seed: seed,
                cell: cell,
                environment: environment
            )
        }
        let first = read(nil)
        return first.cells < 2 ? [first] : [first] + (2...first.cells).map { read($0) }
    }

    /// Reads and checks the text of a scenario.
    ///
    /// - Parameters:
    ///   - text: The text of a scenario file.
    ///   - path: The name that problems carry.
    ///   - registry: The plugins that it may use.
    ///   - settings: Values to put in before anything is decoded.
    ///   - seed: A seed to use instead of the text's.
    ///   - cell: The number of the matrix's combination, from 1; the first when `nil`.
    ///   - environment: The environment variables that references find.
    /// - Returns: The scenario and all that is wrong with it.
    public static func read(
        text: String,
        path: String,
        registry: PluginRegistry,
        settings: [String] = [],
        seed: UInt64? = nil,
        cell: Int? = nil,
        environment: [String: String] = [:]
    ) -> ScenarioReading {
        read(SourceText(path: path, bytes: Array(text.utf8)), registry, settings, seed, cell, environment)
    }

    static func read(
        _ source: SourceText,
        _ registry: PluginRegistry,
        _ settings: [String],
        _ seed: UInt64?,
        _ cell: Int?,
        _ environment: [String: String]
    ) -> ScenarioReading {
        var reading = ScenarioReading(path: source.path)
        let (parsed, syntaxProblems) = JSONReader.read(source)
        reading.problems = syntaxProblems
        guard var tree = parsed else { return reading }
        let log = DecodingLog(source: source)
        log.add(syntaxProblems)
        var composition = Composition()
        tree = composition.compose(tree, source)
        log.add(composition.problems)
        let overrides = Overrides(log: log)
        var axes: [String] = []
        if let variant = variant(of: tree, cell, log) {
            axes = variant.axes
            reading.cells = variant.count
            reading.cell = variant.number
            tree = overrides.apply(variant.cell.settings, to: tree.removing(["matrix"]))
            tree = tree.renamed(variant.number, variant.cell)
        }
        tree = overrides.apply(settings, to: tree)
        let root = Node(value: tree, pointer: JSONPointer())
        var references = References(root: root, environment: environment, log: log)
        tree = references.resolve(root)
        let decoder = ScenarioDecoder(log: log, registry: registry, axes: axes)
        reading.scenario = decoder.decode(Node(value: tree, pointer: JSONPointer()))
        var resolved = tree.adding(log.defaults, at: JSONPointer())
        if let seed {
            reading.scenario?.seed = seed
            resolved = resolved.replacingSeed(seed)
        }
        reading.resolved = resolved
        reading.problems = log.problems.inFileOrder
        reading.warnings = log.warnings.inFileOrder
        return reading
    }

    /// The combination of the matrix that is wanted; `nil` without a matrix, or with one that cannot be used.
    private static func variant(
        of tree: LocatedValue,
        _ number: Int?,
        _ log: DecodingLog
    ) -> (cell: Matrix.Cell, number: Int, count: Int, axes: [String])? {
        guard let node = Node(value: tree, pointer: JSONPointer()).member("matrix"),
            let matrix = Matrix(node, log), !matrix.cells.isEmpty
        else { return nil }
        let number = number ?? 1
        guard matrix.cells.indices.contains(number - 1) else {
            log.error("the matrix has \(matrix.cells.count) combinations, and not the number \(number)", at: node)
            return nil
        }
        return (matrix.cells[number - 1], number, matrix.cells.count, matrix.axes)
    }

    /// The digest of a resolved scenario in 16 hexadecimal digits.
    ///
    /// It depends on every value that the run knows, and neither on the layout of the file, the order of its keys, the
    /// names of its variables nor the address of its schema.
    static func digest(of resolved: LocatedValue) -> String {
        guard case .object(var object) = resolved.plain else { return "" }
        object.members.removeAll { $0.name == "$schema" || $0.name == "vars" }
        var hash = StableHash()
        hash.combine(JSONValue.object(object).canonicalText)
        return hash.hexadecimal
    }
}

extension [ScenarioProblem] {
    fileprivate var inFileOrder: [ScenarioProblem] {
        sorted { ($0.line, $0.column, $0.pointer) < ($1.line, $1.column, $1.pointer) }
    }
}

extension LocatedValue {
    /// The tree with a seed given on the command line.
    fileprivate func replacingSeed(_ seed: UInt64) -> LocatedValue {
        guard case .object(var members) = content else { return self }
        // Digests must tell seeds apart that no 64-bit signed integer holds.
        let content = Int64(exactly: seed).map { Content.integer($0) } ?? .string(String(seed))
        let value = LocatedValue(content, offset: offset, origin: .setting("seed=\(seed)"))
        members.removeAll { $0.name == "seed" }
        members.append(Member(name: "seed", nameOffset: offset, value: value))
        return LocatedValue(.object(members), offset: offset, origin: origin)
    }

    /// The tree with a name of its own for a combination of the matrix.
    fileprivate func renamed(_ number: Int, _ cell: Matrix.Cell) -> LocatedValue {
        guard case .object(var members) = content, let index = members.firstIndex(where: { $0.name == "name" }),
            case .string(let name) = members[index].value.content
        else { return self }
        let text = "\(name).\(number)-\(cell.slug)"
        members[index].value.content = .string(String(text.prefix(100)))
        return LocatedValue(.object(members), offset: offset, origin: origin)
    }

    /// The tree with the defaults of the keys that it leaves out.
    fileprivate func adding(
        _ defaults: [JSONPointer: [(name: String, value: JSONValue)]],
        at pointer: JSONPointer
    ) -> LocatedValue {
        var copy = self
        switch content {
        case .object(var members):
            for (name, value) in defaults[pointer] ?? [] where !members.contains(where: { $0.name == name }) {
                let value = LocatedValue(plain: value, offset: offset, origin: .byDefault)
                members.append(Member(name: name, nameOffset: offset, value: value))
            }
            for index in members.indices {
                members[index].value = members[index].value.adding(defaults, at: pointer.appending(members[index].name))
            }
            copy.content = .object(members)
        case .array(let elements):
            copy.content = .array(elements.enumerated().map { $1.adding(defaults, at: pointer.appending($0)) })
        default: break
        }
        return copy
    }
}
