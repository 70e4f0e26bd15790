/// Finds out what a `Decodable` type reads, by decoding it from placeholders and noting what it asks for.
enum ShapeProbe {
    /// How deep types may nest: recursive ones have no end.
    private static let depthLimit = 16

    /// A type's shape and some value of it.
    struct Probed<Value> {
        var shape: ValueShape
        /// `nil` when the type refuses the placeholders.
        var example: Value?
    }

    /// What probing found too deep to go on.
    struct TooDeep: Error {}

    static func probe<Value: Decodable>(_ type: Value.Type, depth: Int = 0) throws -> Probed<Value> {
        guard depth < depthLimit else { throw TooDeep() }
        if type == JSONValue.self { return Probed(shape: .anything, example: JSONValue.null as? Value) }
        if let option = type as? any OptionValue.Type {
            return Probed(shape: option.optionShape, example: option.optionExample as? Value)
        }
        if let container = type as? any ProbedContainer.Type {
            let (shape, example) = try container.probe(depth: depth)
            return Probed(shape: shape, example: example as? Value)
        }
        if let scalar = scalar(type) { return scalar }
        if let choice = (type as? any CaseIterable.Type).flatMap({ choice($0) }) {
            return Probed(shape: .choice(choice.names), example: choice.first as? Value)
        }
        let recorder = Recorder(depth: depth)
        let example = try? type.init(from: ProbeDecoder(recorder: recorder))
        return Probed(shape: recorder.shape(isComplete: example != nil), example: example)
    }

    private static func scalar<Value>(_ type: Value.Type) -> Probed<Value>? {
        switch type {
        case is Bool.Type: return Probed(shape: .boolean, example: false as? Value)
        case is String.Type: return Probed(shape: .text, example: "" as? Value)
        case is Double.Type: return Probed(shape: .number, example: 1.0 as? Value)
        case is Float.Type: return Probed(shape: .number, example: Float(1) as? Value)
        default:
            guard let integer = type as? any FixedWidthInteger.Type else { return nil }
            return Probed(shape: bounds(of: integer), example: one(integer) as? Value)
        }
    }

    private static func one<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer { 1 }

    private static func bounds<Integer: FixedWidthInteger>(of type: Integer.Type) -> ValueShape {
        .integer(Int64(clamping: Integer.min)...Int64(clamping: Integer.max))
    }

    private static func choice<Choice: CaseIterable>(_ type: Choice.Type) -> (names: [String], first: Choice)? {
        let names = Choice.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        guard let first = Choice.allCases.first, names.count == Choice.allCases.count else { return nil }
        return (names, first)
    }
}

/// Notes what a type asks its decoder for.
final class Recorder {
    let depth: Int
    private var fields: [ObjectShape.Field]?
    private var single: ValueShape?
    private var optional: Set<String> = []

    init(depth: Int) {
        self.depth = depth
    }

    func beginObject() { fields = fields ?? [] }

    func noteOptional(_ key: String) { optional.insert(key) }

    func note(_ key: String, _ shape: ValueShape) {
        beginObject()
        guard fields?.contains(where: { $0.name == key }) == false else { return }
        fields?.append(ObjectShape.Field(key, shape, "", isRequired: !optional.contains(key)))
    }

    func noteSingle(_ shape: ValueShape) { single = single ?? shape }

    func shape(isComplete: Bool) -> ValueShape {
        if let single, fields == nil { return single }
        if fields == nil, !isComplete { return .anything }
        var object = ObjectShape("an object", "", fields: fields ?? [])
        object.isClosed = isComplete
        return .object(object)
    }
}

/// Containers whose elements are probed on their own.
protocol ProbedContainer {
    static func probe(depth: Int) throws -> (shape: ValueShape, example: Self)
}

extension Array: ProbedContainer where Element: Decodable {
    static func probe(depth: Int) throws -> (shape: ValueShape, example: [Element]) {
        (.list(try ShapeProbe.probe(Element.self, depth: depth + 1).shape, atLeast: 0), [])
    }
}

extension Set: ProbedContainer where Element: Decodable {
    static func probe(depth: Int) throws -> (shape: ValueShape, example: Set<Element>) {
        (.list(try ShapeProbe.probe(Element.self, depth: depth + 1).shape, atLeast: 0), [])
    }
}

extension Dictionary: ProbedContainer where Key == String, Value: Decodable {
    static func probe(depth: Int) throws -> (shape: ValueShape, example: [String: Value]) {
        (.dictionary(try ShapeProbe.probe(Value.self, depth: depth + 1).shape), [:])
    }
}

extension Optional: ProbedContainer where Wrapped: Decodable {
    static func probe(depth: Int) throws -> (shape: ValueShape, example: Wrapped?) {
        (try ShapeProbe.probe(Wrapped.self, depth: depth + 1).shape, nil)
    }
}
