/// The JSON schema of scenario files: the format's own keys and the options of every plugin.
public enum ScenarioSchema {
    /// Writes the schema (JSON Schema draft 2020-12) for the plugins of a registry.
    ///
    /// - Parameter registry: The plugins whose options the schema describes.
    /// - Returns: The schema's text, ending in a line feed; equal registries give equal texts.
    public static func make(registry: PluginRegistry) -> String {
        var members: [(name: String, value: JSONValue)] = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("$id", "urn:ephemeral:harness:scenario-1"),
            ("title", "Scenario of the Ephemeral harness, format 1"),
        ]
        members += scenario().members
        let definitions: JSONValue = [
            "reference": [
                "type": "string",
                "pattern": "\\$\\{",
                "description": "a variable or environment variable: ${name}, ${env:NAME} or ${env:NAME:-default}",
            ],
            "target": target(registry.targets),
            "fault": fault(registry.faults),
            "invariant": invariant(registry.invariants),
        ]
        members.append(("$defs", definitions))
        return JSONValue.object(JSONValue.Object(members: members)).prettyText + "\n"
    }

    /// A scenario; what one lacks that extends or includes others may be written there.
    private static func scenario() -> JSONValue.Object {
        var schema = SchemaWriter().object(ScenarioFormat.scenario)
        let required = schema["required"]
        schema["required"] = ["$schema", "name"]
        schema["if"] = ["not": ["anyOf": [["required": ["extends"]], ["required": ["include"]]]]]
        schema["then"] = ["required": required ?? []]
        return schema
    }

    /// A target, whose `use` decides which options it has.
    private static func target(_ plugins: [any Target.Type]) -> JSONValue {
        let ids = plugins.map { $0.id }.sorted()
        var schema = SchemaWriter().object(ScenarioFormat.target)
        schema["properties"]?["use"] = SchemaWriter().value(.choice(ids), "id of the target plugin")
        let rules = plugins.sorted { $0.id < $1.id }.map { plugin in
            rule(use: plugin.id, plugin.summary, options: OptionShapes.shape(of: plugin))
        }
        schema["allOf"] = rules.isEmpty ? nil : .array(rules)
        return .object(schema)
    }

    /// A fault, whose `use` decides which options it has; without plugins there is no `use`.
    private static func fault(_ plugins: [any Fault.Type]) -> JSONValue {
        var schema = SchemaWriter().object(ScenarioFormat.fault(usesPlugins: !plugins.isEmpty))
        guard !plugins.isEmpty else { return .object(schema) }
        let plugins = plugins.sorted { $0.id < $1.id }
        schema["properties"]?["use"] = SchemaWriter().value(.choice(plugins.map { $0.id }), "id of the fault plugin")
        schema["allOf"] = .array(
            plugins.map { rule(use: $0.id, $0.summary, options: OptionShapes.shape(of: $0)) }
        )
        return .object(schema)
    }

    private static func rule(use id: String, _ summary: String, options shape: ObjectShape) -> JSONValue {
        var options = SchemaWriter().object(shape)
        options["description"] = .string(summary)
        var consequence: JSONValue.Object = ["properties": ["options": .object(options)]]
        if shape.fields.contains(where: \.isRequired) { consequence["required"] = ["options"] }
        return rule(use: id, then: consequence)
    }

    /// An invariant: its id, or an object with the id and the options beside it.
    private static func invariant(_ plugins: [any Invariant.Type]) -> JSONValue {
        let plugins = plugins.sorted { $0.id < $1.id }
        let shapes = plugins.map { (plugin: $0, shape: OptionShapes.shape(of: $0)) }
        let bare = shapes.filter { !$0.shape.fields.contains(where: \.isRequired) }.map { $0.plugin.id }
        let rules = shapes.map { plugin, shape in
            var shape = shape
            let use = ObjectShape.Field("use", .constant(.string(plugin.id)), plugin.summary, isRequired: true)
            shape.fields.insert(use, at: 0)
            return rule(use: plugin.id, then: SchemaWriter().object(shape))
        }
        var object: JSONValue.Object = [
            "type": "object",
            "required": ["use"],
            "properties": ["use": SchemaWriter().value(.choice(plugins.map { $0.id }), "id of the invariant")],
        ]
        object["allOf"] = rules.isEmpty ? nil : .array(rules)
        return ["anyOf": [SchemaWriter().value(.choice(bare), ""), .object(object)]]
    }

    private static func rule(use id: String, then consequence: JSONValue.Object) -> JSONValue {
        [
            "if": ["properties": ["use": ["const": .string(id)]], "required": ["use"]],
            "then": .object(consequence),
        ]
    }
}
