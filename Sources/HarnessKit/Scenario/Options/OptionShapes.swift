private import FoundationEssentials

/// The options of plugins, as schemas, descriptions and checks know them.
public enum OptionShapes {
    /// The options of a target plugin, with their descriptions and defaults.
    public static func shape<Plugin: Target>(of plugin: Plugin.Type) -> ObjectShape {
        object(Plugin.Options.self, noun: "options of \(plugin.id)", descriptions: plugin.optionDescriptions)
    }

    /// The options of a fault plugin, with their descriptions and defaults.
    public static func shape<Plugin: Fault>(of plugin: Plugin.Type) -> ObjectShape {
        object(Plugin.Options.self, noun: "options of \(plugin.id)", descriptions: plugin.optionDescriptions)
    }

    /// The options of an invariant, with their defaults.
    public static func shape<Plugin: Invariant>(of plugin: Plugin.Type) -> ObjectShape {
        object(Plugin.Options.self, noun: "options of \(plugin.id)", descriptions: [:])
    }

    private static func object<Options: Codable>(
        _ type: Options.Type,
        noun: String,
        descriptions: [String: String]
    ) -> ObjectShape {
        var unknown = ObjectShape(noun, "", fields: [])
        unknown.isClosed = false
        guard case .object(var object) = try? ShapeProbe.probe(type).shape else { return unknown }
        object.noun = noun
        let defaults = defaults(of: type)
        for index in object.fields.indices {
            let name = object.fields[index].name
            object.fields[index].summary = descriptions[name] ?? ""
            if !object.fields[index].isRequired { object.fields[index].defaultValue = defaults[name] }
        }
        return object
    }

    /// What the options are when a scenario gives none, by name; empty when some must be given.
    private static func defaults<Options: Codable>(of type: Options.Type) -> JSONValue.Object {
        guard let options = try? JSONValue.object([:]).decode(as: type),
            let data = try? JSONEncoder().encode(options),
            case .object(let object) = try? JSONDecoder().decode(JSONValue.self, from: data)
        else { return [:] }
        return object
    }
}
