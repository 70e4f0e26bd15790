/// Writes shapes as JSON schemas.
struct SchemaWriter {
    /// The schema of an object.
    func object(_ shape: ObjectShape) -> JSONValue.Object {
        var schema: JSONValue.Object = ["type": "object"]
        if !shape.summary.isEmpty { schema["description"] = .string(shape.summary) }
        let required = shape.fields.filter(\.isRequired).map { JSONValue.string($0.name) }
        schema["properties"] = .object(
            JSONValue.Object(
                members: shape.fields.map { field in
                    (name: field.name, value: value(field.shape, field.summary, default: field.defaultValue))
                }
            )
        )
        if !required.isEmpty { schema["required"] = .array(required) }
        if !shape.exactlyOneOf.isEmpty {
            schema["oneOf"] = .array(
                shape.exactlyOneOf.map { ["required": .array($0.map { .string($0) })] }
            )
        }
        if shape.isClosed { schema["additionalProperties"] = .bool(false) }
        return schema
    }

    /// The schema of a value; every value may also be a reference to a variable.
    func value(_ shape: ValueShape, _ summary: String, default defaultValue: JSONValue? = nil) -> JSONValue {
        var schema = bare(shape)
        if shape.admitsReference {
            if case .array(let alternatives) = schema["anyOf"] {
                schema["anyOf"] = .array(alternatives + [["$ref": "#/$defs/reference"]])
            } else {
                schema = ["anyOf": [.object(schema), ["$ref": "#/$defs/reference"]]]
            }
        }
        if !summary.isEmpty { schema["description"] = .string(summary) }
        if let defaultValue { schema["default"] = defaultValue }
        return .object(schema)
    }

    private func bare(_ shape: ValueShape) -> JSONValue.Object {
        switch shape {
        case .anything: return [:]
        case .boolean: return ["type": "boolean"]
        case .integer(let range):
            var schema: JSONValue.Object = ["type": "integer"]
            if range.lowerBound != .min { schema["minimum"] = .integer(range.lowerBound) }
            if range.upperBound != .max { schema["maximum"] = .integer(range.upperBound) }
            return schema
        case .number: return ["type": "number"]
        case .text: return ["type": "string"]
        case .matching(let pattern): return ["type": "string", "pattern": .string(pattern)]
        case .measure(let measure):
            return ["type": "string", "pattern": .string(measure.pattern), "examples": [.string(measure.example)]]
        case .choice(let names): return ["enum": .array(names.map { .string($0) })]
        case .constant(let value): return ["const": value]
        case .list(let element, let least):
            var schema: JSONValue.Object = ["type": "array", "items": value(element, "")]
            if least > 0 { schema["minItems"] = .integer(Int64(least)) }
            return schema
        case .dictionary(let element):
            var schema: JSONValue.Object = ["type": "object"]
            if element != .anything { schema["additionalProperties"] = value(element, "") }
            return schema
        case .object(let shape): return object(shape)
        case .either(let shapes): return ["anyOf": .array(shapes.map { .object(bare($0)) })]
        case .reference(let name): return ["$ref": .string("#/$defs/\(name)")]
        }
    }
}

extension ValueShape {
    /// Whether a schema must name references beside the shape itself: texts include them, and constants decide what
    /// other keys an object has.
    fileprivate var admitsReference: Bool {
        switch self {
        case .anything, .text, .constant: false
        case .either(let shapes): shapes.allSatisfy(\.admitsReference)
        default: true
        }
    }
}

extension JSONValue {
    /// A member of an object, for building schemas.
    subscript(name: String) -> JSONValue? {
        get {
            guard case .object(let object) = self else { return nil }
            return object[name]
        }
        set {
            guard case .object(var object) = self else { return }
            object[name] = newValue
            self = .object(object)
        }
    }
}
