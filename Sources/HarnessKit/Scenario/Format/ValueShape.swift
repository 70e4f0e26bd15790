/// What a value of a scenario may look like: the source of schemas, descriptions and checks of plugin options.
public indirect enum ValueShape: Sendable, Equatable {
    case anything
    case boolean
    /// A whole number within bounds.
    case integer(ClosedRange<Int64>)
    case number
    case text
    /// A text that matches a regular expression.
    case matching(String)
    /// A text with a unit.
    case measure(Measure)
    /// One of some texts.
    case choice([String])
    /// This value and no other.
    case constant(JSONValue)
    case list(ValueShape, atLeast: Int)
    /// An object with free keys.
    case dictionary(ValueShape)
    case object(ObjectShape)
    case either([ValueShape])
    /// A shape defined elsewhere in the schema.
    case reference(String)

    /// Any whole number.
    public static let wholeNumber = ValueShape.integer(.min ... .max)

    /// The shape in a few words, for tables of options.
    public var words: String {
        switch self {
        case .anything: "any value"
        case .boolean: "true or false"
        case .integer(let range):
            switch (range.lowerBound, range.upperBound) {
            case (.min, .max): "whole number"
            case (let low, .max): "whole number from \(low)"
            case (.min, let high): "whole number up to \(high)"
            case (let low, let high): "whole number from \(low) to \(high)"
            }
        case .number: "number"
        case .text, .matching: "text"
        case .measure(let measure): "\(measure.rawValue), as \"\(measure.example)\""
        case .choice(let names): names.map { "\"\($0)\"" }.joined(separator: ", ")
        case .constant(let value): value.canonicalText
        case .list(let element, _): "list of \(element.words)"
        case .dictionary(let element): "object of \(element.words)"
        case .object(let shape):
            shape.noun.split(separator: " ").drop { $0 == "a" || $0 == "an" }.joined(separator: " ")
        case .either(let shapes): shapes.map(\.words).joined(separator: " or ")
        case .reference(let name): name
        }
    }
}

/// The keys of an object, in the order of documentation.
public struct ObjectShape: Sendable, Equatable {
    /// What the object is, with its article: `a phase`.
    public var noun: String
    /// One sentence on what it is for.
    public var summary: String
    /// Its keys.
    public var fields: [Field]
    /// Groups of keys of which exactly one must be given, whole; the first key of a group is its mark.
    public var exactlyOneOf: [[String]] = []
    /// Keys that are refused with a message of their own.
    public var refused: [String: String] = [:]
    /// Whether all keys are known; `false` lets unknown ones pass.
    public var isClosed = true

    /// One key of an object.
    public struct Field: Sendable, Equatable {
        /// The key.
        public var name: String
        /// What its value looks like.
        public var shape: ValueShape
        /// One line on what it is.
        public var summary: String
        /// Whether it must be given.
        public var isRequired: Bool
        /// What holds when it is left out.
        public var defaultValue: JSONValue?

        /// Creates a key.
        public init(
            _ name: String,
            _ shape: ValueShape,
            _ summary: String,
            isRequired: Bool = false,
            default defaultValue: JSONValue? = nil
        ) {
            self.name = name
            self.shape = shape
            self.summary = summary
            self.isRequired = isRequired
            self.defaultValue = defaultValue
        }
    }

    /// Creates the shape of an object.
    public init(_ noun: String, _ summary: String, fields: [Field]) {
        self.noun = noun
        self.summary = summary
        self.fields = fields
    }

    /// The same shape with groups of which exactly one must be given.
    func exactlyOne(of groups: [String]...) -> ObjectShape {
        var shape = self
        shape.exactlyOneOf = groups
        return shape
    }

    /// The same shape with keys that are known elsewhere and refused here.
    func refusing(_ names: [String], _ message: String) -> ObjectShape {
        var shape = self
        for name in names { shape.refused[name] = message }
        return shape
    }

    /// The same shape with keys of later versions, which are refused as such.
    func later(_ names: String...) -> ObjectShape {
        refusing(names, "this version does not support it yet; remove it")
    }
}
