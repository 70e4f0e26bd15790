/// A JSON value that knows where in its file it stands and where it came from.
public struct LocatedValue: Sendable, Equatable {
    /// The value itself.
    public var content: Content
    /// The offset of its first byte; for a value that is not of the file, of the one that it stands in for.
    public var offset: Int
    /// Where it came from.
    public var origin: Origin

    /// A JSON value over located parts.
    public enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(Double)
        case string(String)
        case array([LocatedValue])
        case object([Member])
    }

    /// A member of an object.
    public struct Member: Sendable, Equatable {
        /// The key.
        public var name: String
        /// The offset of the key's first byte.
        public var nameOffset: Int
        /// The value.
        public var value: LocatedValue

        /// Creates a member.
        public init(name: String, nameOffset: Int, value: LocatedValue) {
            self.name = name
            self.nameOffset = nameOffset
            self.value = value
        }
    }

    /// Where a value came from.
    public enum Origin: Sendable, Hashable {
        /// It is written in the file.
        case file
        /// It was put in for a reference: `${peak}` or `${env:NAME}`.
        case reference(String)
        /// It was given as `--set path=value`.
        case setting(String)
        /// It is written in another file, named with its line, which the file extends or includes.
        case part(String)
        /// It is the default of a key that the file leaves out.
        case byDefault
    }

    /// Creates a value.
    public init(_ content: Content, offset: Int, origin: Origin = .file) {
        self.content = content
        self.offset = offset
        self.origin = origin
    }

    /// Creates the tree of a plain value, every part at one offset.
    public init(plain value: JSONValue, offset: Int, origin: Origin) {
        self.offset = offset
        self.origin = origin
        content =
            switch value {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .number(let value): .number(value)
            case .string(let value): .string(value)
            case .array(let elements):
                .array(elements.map { LocatedValue(plain: $0, offset: offset, origin: origin) })
            case .object(let object):
                .object(
                    object.members.map { member in
                        let value = LocatedValue(plain: member.value, offset: offset, origin: origin)
                        return Member(name: member.name, nameOffset: offset, value: value)
                    }
                )
            }
    }

    /// The value without its places.
    public var plain: JSONValue {
        switch content {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        case .array(let elements): .array(elements.map(\.plain))
        case .object(let members):
            .object(JSONValue.Object(members: members.map { (name: $0.name, value: $0.value.plain) }))
        }
    }

    /// The same tree with another origin throughout.
    func withOrigin(_ origin: Origin, offset: Int) -> LocatedValue {
        LocatedValue(plain: plain, offset: offset, origin: origin)
    }

    /// What kind of value it is, as a noun: `a string`.
    var kindName: String {
        switch content {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "the number \(value)"
        case .number(let value): "the number \(value)"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
