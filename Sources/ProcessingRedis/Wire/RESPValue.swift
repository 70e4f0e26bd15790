/// A value as a server sends it, in RESP2 or RESP3.
enum RESPValue: Sendable, Hashable {
    /// Bytes: simple and bulk strings, verbatim strings, big numbers.
    case text([UInt8])
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case null
    case error(RedisServerError)
    /// Arrays and sets.
    case array([RESPValue])
    /// Keys and values in turn.
    case map([RESPValue])
    /// What nobody has asked for.
    case push([RESPValue])
}

extension RESPValue {
    /// The bytes of a text.
    var bytes: [UInt8]? {
        guard case .text(let bytes) = self else { return nil }
        return bytes
    }

    /// The text, or the number as text.
    var string: String? {
        switch self {
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        case .integer(let number): String(number)
        default: nil
        }
    }

    /// The number, or the text read as one.
    var integer: Int? {
        switch self {
        case .integer(let number): Int(number)
        case .text(let bytes): Int(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    /// The elements of anything that has some.
    var elements: [RESPValue]? {
        switch self {
        case .array(let elements), .map(let elements), .push(let elements): elements
        default: nil
        }
    }

    /// The value of a key, in a map or in an array that stands for one.
    func value(of key: String) -> RESPValue? {
        guard let elements else { return nil }
        let index = stride(from: 0, to: elements.count - 1, by: 2).first { elements[$0].string == key }
        return index.map { elements[$0 + 1] }
    }
}

/// What a server has answered instead of a value.
struct RedisServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole line.
    let message: String

    /// The word at the front that says which kind of error it is.
    var kind: Substring { message.prefix { $0 != " " } }

    var description: String { message }

    /// Whether the kind is this one, also when a script of an older server has wrapped it into a message of its own.
    func isKind(_ word: String) -> Bool {
        kind == word || (kind == "ERR" && message.contains(": \(word) "))
    }
}
