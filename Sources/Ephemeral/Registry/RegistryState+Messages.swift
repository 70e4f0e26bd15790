extension RegistryState {
    func notConfigured(_ key: Key, _ typeName: String) -> CoordinatorError {
        let sameType = registrations.keys.filter { $0.type == key.type }.map(\.name).sorted()
        let message = "no \(typeName) is registered \(key.label)"
        if let nearest = NameSuggestion.nearest(to: key.name, among: sameType) {
            return .notConfigured("\(message); did you mean \"\(nearest)\"? \(Self.known(sameType))")
        }
        guard sameType.isEmpty else { return .notConfigured("\(message); \(Self.known(sameType))") }
        let others = registrations.map { "\($0.value.typeName) \($0.key.label)" }.sorted().joined(separator: ", ")
        return .notConfigured(message + (others.isEmpty ? "; nothing is registered" : "; known: " + others))
    }

    private static func known(_ names: [String]) -> String {
        "known: " + names.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    func circularity(_ key: Key, _ typeName: String, _ requester: Creation) -> CoordinatorError {
        CoordinatorError(
            code: .invalidArgument,
            message: "the \(typeName) \(key.label) is needed to make itself; let bodies look it up instead of factories"
        )
    }
}

extension RegistryState.Key {
    init(_ type: Any.Type, _ name: String) {
        self.init(type: ObjectIdentifier(type), name: name)
    }

    /// How messages call it.
    var label: String { name.isEmpty ? "without a name" : "as \"\(name)\"" }
}

extension CoordinatorError {
    static let registryClosed = CoordinatorError(
        code: .completed,
        message: "the registry makes no more coordinators: it was drained or shut down"
    )

    fileprivate static func notConfigured(_ message: String) -> CoordinatorError {
        CoordinatorError(code: .notConfigured, message: message)
    }
}
