/// The plugins that a harness executable knows: a value made in `main`, looked up by id.
public struct PluginRegistry: Sendable {
    /// Target plugins, by order of registration.
    public let targets: [any Target.Type]
    /// Invariant plugins, by order of registration.
    public let invariants: [any Invariant.Type]
    /// Fault plugins, by order of registration.
    public let faults: [any Fault.Type]

    /// Creates a registry.
    ///
    /// - Parameters:
    ///   - targets: Target plugins.
    ///   - invariants: Further invariants beside the built-in ones.
    ///   - faults: Fault plugins, beside the errors and delays of the format.
    /// - Throws: ``DuplicatePluginError`` when two plugins of a kind share an id.
    public init(
        targets: [any Target.Type],
        invariants: [any Invariant.Type] = [],
        faults: [any Fault.Type] = []
    ) throws {
        let allInvariants = BuiltInInvariants.all + invariants
        try Self.requireUnique(targets.map { $0.id }, kind: "target")
        try Self.requireUnique(allInvariants.map { $0.id }, kind: "invariant")
        // The names of the format's own faults are taken in lists and descriptions.
        try Self.requireUnique(FormatCatalogue.faults.map(\.id) + faults.map { $0.id }, kind: "fault")
        self.targets = targets
        self.invariants = allInvariants
        self.faults = faults
    }

    /// The target plugin of an id.
    public func target(_ id: String) -> (any Target.Type)? {
        targets.first { $0.id == id }
    }

    /// The invariant plugin of an id.
    public func invariant(_ id: String) -> (any Invariant.Type)? {
        invariants.first { $0.id == id }
    }

    /// The fault plugin of an id.
    public func fault(_ id: String) -> (any Fault.Type)? {
        faults.first { $0.id == id }
    }

    private static func requireUnique(_ ids: [String], kind: String) throws {
        var seen: Set<String> = []
        for id in ids where !seen.insert(id).inserted {
            throw DuplicatePluginError(id: id, kind: kind)
        }
    }
}

/// Two plugins of one kind share an id.
public struct DuplicatePluginError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The id that is taken twice.
    public var id: String
    /// `target`, `invariant` or `fault`.
    public var kind: String

    /// The text shown to people.
    public var description: String { "two \(kind) plugins are registered as '\(id)'; give one of them another id" }
}
