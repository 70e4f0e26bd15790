/// Checks the options that a scenario gives a plugin: keys and types by the plugin's options type, values by the plugin.
struct PluginOptions {
    let log: DecodingLog
    let registry: PluginRegistry

    /// The target plugin of an id; an unknown one is an error.
    func target(_ use: String, at node: Node) -> (any Target.Type)? {
        if let plugin = registry.target(use) { return plugin }
        let hint = Spelling.hint(for: use, among: registry.targets.map { $0.id })
        let mend = hint.isEmpty ? "; `harness list targets` shows all" : hint
        log.error("unknown target plugin \"\(use.shortened)\"\(mend)", at: node)
        return nil
    }

    func check<Plugin: Target>(_ plugin: Plugin.Type, options: Node) {
        check(options, as: OptionShapes.shape(of: plugin), Plugin.Options.self) { decoded in
            try plugin.validate(decoded)
            let parts = plugin.parts(of: decoded)
            let before = log.problems.count
            let plugins = parts.compactMap { check($0, below: options) }
            guard plugins.count == parts.count, log.problems.count == before else { return }
            try plugin.validate(parts: plugins)
        }
    }

    /// Checks a target that another one is made of.
    private func check(_ part: TargetPart, below options: Node) -> (any Target.Type)? {
        let path = part.path.split(separator: "/").map(String.init)
        guard let plugin = target(part.use, at: descend(path + ["use"], from: options)) else { return nil }
        let place = descend(path, from: options)
        // Options that are left out are checked too: some may be required.
        let missing = place.child(
            "options",
            LocatedValue(plain: part.options, offset: place.value.offset, origin: .file)
        )
        check(plugin, options: place.member("options") ?? missing)
        return plugin
    }

    func check<Plugin: Invariant>(_ plugin: Plugin.Type, options: Node) {
        check(options, as: OptionShapes.shape(of: plugin), Plugin.Options.self, plugin.validate)
    }

    /// - Returns: Whether the options are right.
    func check<Plugin: Fault>(_ plugin: Plugin.Type, options: Node) -> Bool {
        let before = log.problems.count
        check(options, as: OptionShapes.shape(of: plugin), Plugin.Options.self, plugin.validate)
        return log.problems.count == before
    }

    private func check<Options: Decodable>(
        _ node: Node,
        as shape: ObjectShape,
        _ type: Options.Type,
        _ validate: (Options) throws -> Void
    ) {
        let before = log.problems.count
        log.check(node, .object(shape))
        guard log.problems.count == before else { return }
        do {
            try validate(try node.value.plain.decode(as: type))
        } catch let error as PluginOptionError {
            let path = error.option.split(separator: "/").map(String.init)
            log.error("option \"\(error.option)\": \(error.message)", at: descend(path, from: node))
        } catch let error as DecodingError {
            let (path, message) = error.place
            log.error(message, at: descend(path, from: node))
        } catch {
            log.error("the options are refused: \(error)", at: node)
        }
    }

    /// The node at the end of a path, or the last that exists on the way.
    private func descend(_ path: [String], from node: Node) -> Node {
        path.reduce(into: (node: node, isLost: false)) { place, step in
            guard !place.isLost else { return }
            let next =
                place.node.member(step)
                ?? Int(step).flatMap { index in
                    place.node.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                }
            if let next { place.node = next } else { place.isLost = true }
        }.node
    }
}

extension DecodingError {
    fileprivate var place: (path: [String], message: String) {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context),
            .keyNotFound(_, let context):
            (context.codingPath.map(\.stringValue), context.debugDescription)
        @unknown default: ([], "the options cannot be decoded: \(self)")
        }
    }
}

extension DecodingLog {
    /// Checks a value against a shape and reports every difference.
    func check(_ node: Node, _ shape: ValueShape) {
        switch shape {
        case .anything, .reference: break
        case .boolean: _ = boolean(node)
        case .integer(let range): _ = integer(node, in: range)
        case .number: _ = number(node)
        case .text, .matching: _ = text(node)
        case .measure(let measure): _ = self.measure(node, measure)
        case .choice(let names):
            guard let text = text(node), !names.contains(text) else { return }
            error("unknown value \"\(text.shortened)\"\(Spelling.hint(for: text, among: names))", at: node)
        case .constant(let value):
            guard node.value.plain != value else { return }
            error("expected \(value.canonicalText), found \(node.value.kindName)", at: node)
        case .list(let element, let least):
            for node in list(node, { $0 }) ?? [] { check(node, element) }
            if let count = node.elements?.count, count < least {
                error("the list has \(count) elements; write at least \(least)", at: node)
            }
        case .dictionary(let element):
            guard let members = node.members else {
                let _: Never? = wrongType(node, "an object")
                return
            }
            for member in members { check(member.node, element) }
        case .object(let object):
            guard let fields = Fields(node, as: object, self) else { return }
            for field in object.fields {
                guard let node = fields[field.name], node.value.origin != .byDefault else { continue }
                check(node, field.shape)
            }
        case .either(let shapes):
            if let fitting = shapes.first(where: { $0.fits(node.value.content) }) {
                check(node, fitting)
            } else {
                let _: Never? = wrongType(node, shape.words)
            }
        }
    }
}

extension ValueShape {
    /// Whether a value is of the JSON kind that the shape describes.
    fileprivate func fits(_ content: LocatedValue.Content) -> Bool {
        switch (self, content) {
        case (.anything, _), (.reference, _), (.boolean, .bool): true
        case (.integer, .integer), (.integer, .number), (.number, .integer), (.number, .number): true
        case (.text, .string), (.matching, .string), (.measure, .string), (.choice, .string): true
        case (.list, .array), (.dictionary, .object), (.object, .object): true
        case (.constant(let value), _): LocatedValue(content, offset: 0).plain == value
        case (.either(let shapes), _): shapes.contains { $0.fits(content) }
        default: false
        }
    }
}
