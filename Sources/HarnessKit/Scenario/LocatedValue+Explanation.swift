extension LocatedValue {
    /// The value as JSON with a comment behind each part that is not written in the file.
    public var explanation: String {
        var lines: [Line] = []
        explain(prefix: "", suffix: "", indentation: 0, parent: .file, into: &lines)
        return lines.map { line in
            guard let comment = line.comment else { return line.text }
            let padding = String(repeating: " ", count: max(1, 60 - line.text.count))
            return "\(line.text)\(padding)// \(comment)"
        }.joined(separator: "\n")
    }

    private struct Line {
        var text: String
        var comment: String?
    }

    private func explain(prefix: String, suffix: String, indentation: Int, parent: Origin, into lines: inout [Line]) {
        let margin = String(repeating: "  ", count: indentation)
        // A part that came with its whole needs no comment of its own.
        let comment = origin == parent ? nil : origin.comment
        switch content {
        case .object(let members) where !members.isEmpty:
            lines.append(Line(text: "\(margin)\(prefix){", comment: comment))
            // References are resolved already; the variables would be unused when the output is read again.
            let shown = indentation == 0 ? members.filter { $0.name != "vars" } : members
            for (index, member) in shown.enumerated() {
                member.value.explain(
                    prefix: JSONValue.string(member.name).canonicalText + ": ",
                    suffix: index == shown.count - 1 ? "" : ",",
                    indentation: indentation + 1,
                    parent: origin,
                    into: &lines
                )
            }
            lines.append(Line(text: "\(margin)}\(suffix)"))
        case .array(let elements) where elements.contains { !$0.isScalar }:
            lines.append(Line(text: "\(margin)\(prefix)[", comment: comment))
            for (index, element) in elements.enumerated() {
                element.explain(
                    prefix: "",
                    suffix: index == elements.count - 1 ? "" : ",",
                    indentation: indentation + 1,
                    parent: origin,
                    into: &lines
                )
            }
            lines.append(Line(text: "\(margin)]\(suffix)"))
        default:
            lines.append(Line(text: "\(margin)\(prefix)\(plain.canonicalText)\(suffix)", comment: comment))
        }
    }

    private var isScalar: Bool {
        switch content {
        case .array, .object: false
        default: true
        }
    }
}

extension LocatedValue.Origin {
    /// The origin in a few words; `nil` for what is written in the file.
    fileprivate var comment: String? {
        switch self {
        case .file: nil
        case .reference(let text): "from \(text)"
        case .setting(let text): "from --set \(text)"
        case .part(let place): "from \(place)"
        case .byDefault: "default"
        }
    }
}
