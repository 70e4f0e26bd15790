import HarnessKit

/// Options of a plugin on one line, for people: `max: 8, backoff: {kind: constant}`.
enum OptionsText {
    /// The members of an options object; empty when there are none.
    static func text(_ options: JSONValue) -> String {
        if case .object(let object) = options { return members(of: object) }
        return options == .null ? "" : value(options)
    }

    /// Members come by name, because a result that was read back has lost the order of its file.
    private static func members(of object: JSONValue.Object) -> String {
        object.members.sorted { $0.name < $1.name }
            .map { "\($0.name): \(value($0.value))" }
            .joined(separator: ", ")
    }

    private static func value(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): NumberText.exact(number)
        case .string(let text): text
        case .array(let elements): "[" + elements.map(Self.value).joined(separator: ", ") + "]"
        case .object(let object): "{" + members(of: object) + "}"
        }
    }
}
