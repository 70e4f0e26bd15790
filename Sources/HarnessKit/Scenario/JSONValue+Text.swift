extension JSONValue {
    /// The value on one line with sorted keys: equal values have equal texts.
    public var canonicalText: String {
        var text = ""
        write(to: &text, indentation: nil, sorted: true)
        return text
    }

    /// The value over several lines, keys in their order, two spaces per level.
    public var prettyText: String {
        var text = ""
        write(to: &text, indentation: 0, sorted: false)
        return text
    }

    private func write(to text: inout String, indentation: Int?, sorted: Bool) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? String(value) : "null"
        case .string(let value): Self.quote(value, to: &text)
        case .array(let elements):
            Self.writeList(elements, brackets: ("[", "]"), to: &text, indentation: indentation) {
                element,
                text,
                inner in
                element.write(to: &text, indentation: inner, sorted: sorted)
            }
        case .object(let object):
            let members = sorted ? object.members.sorted { $0.name < $1.name } : object.members
            Self.writeList(members, brackets: ("{", "}"), to: &text, indentation: indentation) { member, text, inner in
                Self.quote(member.name, to: &text)
                text += inner == nil ? ":" : ": "
                member.value.write(to: &text, indentation: inner, sorted: sorted)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element],
        brackets: (String, String),
        to text: inout String,
        indentation: Int?,
        _ write: (_ element: Element, _ text: inout String, _ indentation: Int?) -> Void
    ) {
        text += brackets.0
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let indentation { text += "\n" + String(repeating: "  ", count: indentation + 1) }
            write(element, &text, indentation.map { $0 + 1 })
        }
        if let indentation, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indentation) }
        text += brackets.1
    }

    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
