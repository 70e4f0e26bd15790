/// A JSON value whose objects keep the order of their file.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number that is written without fraction and exponent and fits 64 bits.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(Object)

    /// The members of a JSON object in file order.
    public struct Object: Sendable, Hashable, ExpressibleByDictionaryLiteral {
        /// Names and values, in order; names are unique.
        public var members: [(name: String, value: JSONValue)]

        /// Creates an object from members with unique names.
        public init(members: [(name: String, value: JSONValue)]) {
            self.members = members
        }

        /// Creates an object from members with unique names.
        public init(dictionaryLiteral elements: (String, JSONValue)...) {
            members = elements.map { (name: $0.0, value: $0.1) }
        }

        /// The value of a member; setting `nil` removes the member, setting a new one appends it.
        public subscript(name: String) -> JSONValue? {
            get { members.first { $0.name == name }?.value }
            set {
                switch (members.firstIndex { $0.name == name }, newValue) {
                case (let index?, let value?): members[index].value = value
                case (let index?, nil): members.remove(at: index)
                case (nil, let value?): members.append((name: name, value: value))
                case (nil, nil): break
                }
            }
        }

        /// Whether two objects have equal members in equal order.
        public static func == (left: Object, right: Object) -> Bool {
            left.members.count == right.members.count
                && zip(left.members, right.members).allSatisfy { $0.name == $1.name && $0.value == $1.value }
        }

        /// Feeds all members, in order.
        public func hash(into hasher: inout Hasher) {
            for member in members {
                hasher.combine(member.name)
                hasher.combine(member.value)
            }
        }
    }
}
