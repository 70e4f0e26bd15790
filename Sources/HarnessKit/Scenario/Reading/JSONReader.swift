/// Reads JSON with comments into a tree that knows its places.
///
/// Stricter than most readers: no duplicate keys, no trailing commas, no NUL, no number that a 64-bit integer or double
/// cannot hold. The first syntax error ends the reading; duplicate keys are gathered.
struct JSONReader {
    /// How deep arrays and objects may nest.
    static let depthLimit = 64

    let bytes: [UInt8]
    var index = 0
    private var pointer = JSONPointer()
    private var duplicates: [Located] = []

    /// A message at a place.
    private struct Located {
        var offset: Int
        var pointer: JSONPointer
        var message: String
    }

    /// What ends the reading.
    struct SyntaxError: Error {
        var offset: Int
        var message: String
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads one document.
    ///
    /// - Returns: The tree, `nil` after a syntax error, and what is wrong.
    static func read(_ source: SourceText) -> (value: LocatedValue?, problems: [ScenarioProblem]) {
        if let problem = encodingProblem(of: source) { return (nil, [problem]) }
        var reader = JSONReader(bytes: source.bytes)
        do throws(SyntaxError) {
            let value = try reader.document()
            return (value, reader.duplicates.map { problem($0, in: source) })
        } catch {
            let place = Located(offset: error.offset, pointer: reader.pointer, message: error.message)
            return (nil, [problem(place, in: source)])
        }
    }

    private static func problem(_ located: Located, in source: SourceText) -> ScenarioProblem {
        ScenarioProblem(
            file: source.path,
            position: source.position(at: located.offset),
            pointer: located.pointer.description,
            message: located.message
        )
    }

    private mutating func document() throws(SyntaxError) -> LocatedValue {
        try skipBlanks()
        guard index < bytes.count else {
            throw SyntaxError(offset: 0, message: "the file holds no value; write one JSON object")
        }
        let value = try value(depth: 1)
        try skipBlanks()
        if index < bytes.count {
            throw SyntaxError(offset: index, message: "unexpected \(found) after the end of the document; remove it")
        }
        return value
    }

    private mutating func value(depth: Int) throws(SyntaxError) -> LocatedValue {
        let start = index
        guard let byte = current else { throw expected("a value") }
        switch byte {
        case UInt8(ascii: "{"):
            try enter(depth)
            return LocatedValue(.object(try members(depth: depth)), offset: start)
        case UInt8(ascii: "["):
            try enter(depth)
            return LocatedValue(.array(try elements(depth: depth)), offset: start)
        case UInt8(ascii: "\""):
            return LocatedValue(.string(try string()), offset: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return LocatedValue(try number(), offset: start)
        default:
            return LocatedValue(try literal(), offset: start)
        }
    }

    private func enter(_ depth: Int) throws(SyntaxError) {
        guard depth <= Self.depthLimit else {
            let message = "arrays and objects nest deeper than \(Self.depthLimit) levels; flatten the document"
            throw SyntaxError(offset: index, message: message)
        }
    }

    private mutating func members(depth: Int) throws(SyntaxError) -> [LocatedValue.Member] {
        index += 1
        var members: [LocatedValue.Member] = []
        var firstOffsets: [String: Int] = [:]
        try skipBlanks()
        if accept("}") { return members }
        while true {
            guard current == UInt8(ascii: "\"") else { throw expected("a key in double quotes") }
            let nameOffset = index
            let name = try string()
            pointer.push(name)
            try skipBlanks()
            guard accept(":") else { throw expected("':' after the key \"\(name)\"") }
            try skipBlanks()
            let value = try value(depth: depth + 1)
            if firstOffsets.updateValue(nameOffset, forKey: name) == nil {
                members.append(LocatedValue.Member(name: name, nameOffset: nameOffset, value: value))
            } else {
                let message = "the key \"\(name)\" is written twice in this object; remove one"
                duplicates.append(Located(offset: nameOffset, pointer: pointer, message: message))
            }
            pointer.pop()
            try skipBlanks()
            if accept("}") { return members }
            try separator(closing: "}", of: "object")
        }
    }

    private mutating func elements(depth: Int) throws(SyntaxError) -> [LocatedValue] {
        index += 1
        var elements: [LocatedValue] = []
        try skipBlanks()
        if accept("]") { return elements }
        while true {
            pointer.push(String(elements.count))
            elements.append(try value(depth: depth + 1))
            pointer.pop()
            try skipBlanks()
            if accept("]") { return elements }
            try separator(closing: "]", of: "array")
        }
    }

    private mutating func separator(closing: Unicode.Scalar, of kind: String) throws(SyntaxError) {
        let comma = index
        guard accept(",") else { throw expected("',' or '\(closing)' to go on or to close the \(kind)") }
        try skipBlanks()
        if current == UInt8(ascii: closing) {
            throw SyntaxError(offset: comma, message: "trailing comma before '\(closing)'; remove it")
        }
    }
}
