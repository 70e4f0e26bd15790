extension LocatedValue {
    /// The lists of a scenario whose elements have names.
    private static let namedLists: Set<String> = [
        "targets", "phases", "bursts", "faults", "timeline", "invariants", "expect",
    ]

    /// The value over another one, which counts where this one says nothing.
    ///
    /// - Parameters:
    ///   - former: The other value.
    ///   - list: The key that both are the values of.
    /// - Returns: Both as one.
    func merged(over former: LocatedValue, list: String?) -> LocatedValue {
        switch (content, former.content) {
        case (.object(let own), .object(let others)):
            var members = others
            for member in own {
                let index = members.firstIndex { $0.name == member.name }
                if case .null = member.value.content {
                    if let index { members.remove(at: index) }
                } else if let index {
                    members[index].value = member.value.merged(over: members[index].value, list: member.name)
                } else {
                    members.append(member)
                }
            }
            return LocatedValue(.object(members), offset: offset, origin: origin)
        case (.array(let own), .array(let others)) where list.map(Self.namedLists.contains) == true:
            var elements = others
            let names = others.map(\.mergingName)
            var changed: Set<Int> = []
            for element in own {
                let name = element.mergingName
                let index = names.indices.first { name != nil && names[$0] == name && !changed.contains($0) }
                if let index {
                    elements[index] = element.merged(over: elements[index], list: nil)
                    changed.insert(index)
                } else {
                    // Two of a file with one name are two: whoever decodes them says what is wrong with that.
                    elements.append(element)
                }
            }
            return LocatedValue(.array(elements), offset: offset, origin: origin)
        default:
            return self
        }
    }

    /// What tells an element of a list from the others: for expectations, the condition with all that it is about.
    private var mergingName: String? {
        switch content {
        case .string(let text): return text
        case .object(let members):
            for key in ["id", "name", "use"] {
                if case .string(let text) = members.first(where: { $0.name == key })?.value.content { return text }
            }
            guard members.contains(where: { $0.name == "that" }) else { return nil }
            return removing(["level"]).plain.canonicalText
        default: return nil
        }
    }

    /// The object without some of its members.
    func removing(_ names: Set<String>) -> LocatedValue {
        guard case .object(let members) = content else { return self }
        return LocatedValue(.object(members.filter { !names.contains($0.name) }), offset: offset, origin: origin)
    }

    /// The tree of another file, to stand at a place of this one.
    ///
    /// - Parameters:
    ///   - source: The file that the tree is of.
    ///   - place: The offset in the file that names it.
    /// - Returns: The tree, in which each value says where it is written.
    func located(in source: SourceText, offset place: Int) -> LocatedValue {
        var copy = self
        copy.offset = place
        if origin == .file {
            copy.origin = .part("\(source.path):\(source.position(at: offset).line)")
        }
        switch content {
        case .array(let elements):
            copy.content = .array(elements.map { $0.located(in: source, offset: place) })
        case .object(let members):
            copy.content = .object(
                members.map { member in
                    Member(
                        name: member.name,
                        nameOffset: place,
                        value: member.value.located(in: source, offset: place)
                    )
                }
            )
        default: break
        }
        return copy
    }
}
