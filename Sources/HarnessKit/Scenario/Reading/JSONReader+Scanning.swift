extension JSONReader {
    var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    /// Skips white space and comments.
    mutating func skipBlanks() throws(SyntaxError) {
        while let byte = current {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): index += 1
            case UInt8(ascii: "/"): try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(SyntaxError) {
        let start = index
        index += 1
        if accept("/") {
            while let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { index += 1 }
        } else if accept("*") {
            while true {
                guard index + 1 < bytes.count else {
                    throw SyntaxError(offset: start, message: "the comment is not closed; add '*/'")
                }
                if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") { break }
                index += 1
            }
            index += 2
        } else {
            throw SyntaxError(offset: start, message: "unexpected '/'; a comment begins with '//' or '/*'")
        }
    }

    mutating func literal() throws(SyntaxError) -> LocatedValue.Content {
        let start = index
        while let byte = current, Self.isWordByte(byte) { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "":
            throw current == UInt8(ascii: "'")
                ? SyntaxError(offset: start, message: "single quotes do not begin a string; write double quotes")
                : expected("a value")
        default:
            let shown = word.count > 40 ? "\(word.prefix(40))…" : word
            let mend =
                ["true", "false", "null"].contains(word.lowercased())
                ? "write \(word.lowercased())"
                : "strings stand in double quotes"
            throw SyntaxError(offset: start, message: "'\(shown)' is not a JSON value; \(mend)")
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"): true
        default: false
        }
    }

    func expected(_ what: String) -> SyntaxError {
        SyntaxError(offset: index, message: "expected \(what), found \(found)")
    }

    /// What stands at the present place, for messages.
    var found: String {
        guard let byte = current else { return "the end of the file" }
        switch byte {
        case 0: return "a NUL byte"
        case ..<0x20, 0x7F: return "the control character 0x" + String(byte, radix: 16)
        default:
            let end = bytes[(index + 1)...].firstIndex { $0 & 0xC0 != 0x80 } ?? bytes.count
            return "'\(String(decoding: bytes[index..<end], as: UTF8.self))'"
        }
    }

    /// The problem of a text that is empty or not plain UTF-8.
    static func encodingProblem(of source: SourceText) -> ScenarioProblem? {
        let bytes = source.bytes
        if bytes.isEmpty {
            return ScenarioProblem(file: source.path, message: "the file is empty; write one JSON object")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            let message = "the file begins with a byte order mark; save it as UTF-8 without one"
            return ScenarioProblem(file: source.path, message: message)
        }
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
        let position = source.position(at: offset)
        let message = "the file is not UTF-8 at byte \(offset) (line \(position.line)); save it as UTF-8"
        return ScenarioProblem(file: source.path, position: position, message: message)
    }
}
