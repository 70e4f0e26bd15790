internal import NIOCore

/// Cuts a stream of bytes into values, wherever its pieces begin and end.
///
/// It remembers where it stopped: a large reply that arrives in many pieces is looked at once.
struct RESPParser {
    /// What a server must not go beyond.
    struct Limits: Sendable {
        /// The longest line in bytes: a simple string, an error, a length.
        var line = 64 << 10
        /// The largest reply in bytes.
        var reply = 256 << 20
        /// The elements of a reply, those of its parts included.
        var elements = 4 << 20
        /// How deep parts lie within parts.
        var depth = 16
    }

    private enum Kind: UInt8 {
        case array = 0x2A
        case set = 0x7E
        case map = 0x25
        case push = 0x3E
        case attribute = 0x7C
    }

    private struct Open {
        let kind: Kind
        var missing: Int
        var elements: [RESPValue] = []
    }

    private enum Item {
        case incomplete
        case opened
        case value(RESPValue)
    }

    private let limits: Limits
    private var buffer = ByteBuffer()
    /// How many bytes of the present line were searched for its end.
    private var searched = 0
    /// The head of a text whose bytes have not all arrived.
    private var head: (type: UInt8, length: Int)?
    private var open: [Open] = []
    private var replyBytes = 0
    private var replyElements = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes the next piece of the stream.
    mutating func append(_ piece: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = piece
        } else {
            if buffer.readerIndex > 1 << 16 { buffer.discardReadBytes() }
            buffer.writeImmutableBuffer(piece)
        }
    }

    /// The next value, or `nil` when it has not arrived entirely.
    ///
    /// - Throws: ``RESPError`` when the stream is none of this protocol or goes beyond a limit; nothing can be read then.
    mutating func next() throws(RESPError) -> RESPValue? {
        while true {
            switch try nextItem() {
            case .incomplete: return nil
            case .opened: continue
            case .value(let value):
                if let whole = close(value) { return whole }
            }
        }
    }

    /// Puts a value where it belongs.
    ///
    /// - Returns: The reply when it is whole.
    private mutating func close(_ value: RESPValue) -> RESPValue? {
        var value = value
        while let last = open.indices.last {
            open[last].elements.append(value)
            open[last].missing -= 1
            if open[last].missing > 0 { return nil }
            let whole = open.removeLast()
            switch whole.kind {
            case .array, .set: value = .array(whole.elements)
            case .map: value = .map(whole.elements)
            case .push: value = .push(whole.elements)
            // Stands before a value and says something about it that nobody here wants to know.
            case .attribute: return nil
            }
        }
        (replyBytes, replyElements) = (0, 0)
        return value
    }

    private mutating func nextItem() throws(RESPError) -> Item {
        if let head { return try text(head.type, length: head.length) }
        guard let line = try nextLine() else { return .incomplete }
        guard let type = line.first else { throw RESPError("an empty line") }
        try count(bytes: line.count, elements: 1)
        let rest = line.dropFirst()
        switch type {
        case UInt8(ascii: "+"), UInt8(ascii: "("): return .value(.text(Array(rest)))
        case UInt8(ascii: "-"): return .value(.error(RedisServerError(message: String(decoding: rest, as: UTF8.self))))
        case UInt8(ascii: ":"): return .value(.integer(try Self.number(rest)))
        case UInt8(ascii: "_"): return .value(.null)
        case UInt8(ascii: "#"): return .value(.boolean(rest.first == UInt8(ascii: "t")))
        case UInt8(ascii: ","): return .value(.double(try Self.double(rest)))
        case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="):
            guard let length = try length(rest) else { return .value(.null) }
            head = (type, length)
            return try text(type, length: length)
        default:
            guard let kind = Kind(rawValue: type) else { throw RESPError("a value of the unknown type \(type)") }
            return try begin(kind, length: try length(rest))
        }
    }

    private mutating func begin(_ kind: Kind, length: Int?) throws(RESPError) -> Item {
        guard let length else { return .value(.null) }
        let missing = kind == .map || kind == .attribute ? length * 2 : length
        guard missing > 0 else {
            switch kind {
            case .map: return .value(.map([]))
            case .push: return .value(.push([]))
            case .attribute: return .opened
            case .array, .set: return .value(.array([]))
            }
        }
        guard open.count < limits.depth else { throw RESPError("parts within parts deeper than \(limits.depth)") }
        guard replyElements + missing <= limits.elements else {
            throw RESPError("a reply of more than \(limits.elements) elements")
        }
        open.append(Open(kind: kind, missing: missing))
        // The length is the server's word: room is made for what it may well be.
        open[open.count - 1].elements.reserveCapacity(min(missing, 1024))
        return .opened
    }

    private mutating func text(_ type: UInt8, length: Int) throws(RESPError) -> Item {
        guard buffer.readableBytes >= length + 2 else { return .incomplete }
        guard let bytes = buffer.readBytes(length: length), let end = buffer.readBytes(length: 2) else {
            return .incomplete
        }
        guard end == [0x0D, 0x0A] else { throw RESPError("a text that does not end where its length says") }
        head = nil
        switch type {
        case UInt8(ascii: "!"): return .value(.error(RedisServerError(message: String(decoding: bytes, as: UTF8.self))))
        // Three letters and a colon say how it is written.
        case UInt8(ascii: "="): return .value(.text(Array(bytes.dropFirst(4))))
        default: return .value(.text(bytes))
        }
    }

    /// The next line without its end, or `nil` when the end has not arrived.
    private mutating func nextLine() throws(RESPError) -> ByteBufferView? {
        let view = buffer.readableBytesView
        let end = view[(view.startIndex + searched)...].firstIndex(of: 0x0D)
        let length = (end ?? view.endIndex) - view.startIndex
        guard length <= limits.line else { throw RESPError("a line of more than \(limits.line) bytes") }
        guard let end, end + 1 < view.endIndex else {
            searched = length
            return nil
        }
        guard view[end + 1] == 0x0A else { throw RESPError("a line that does not end in CR LF") }
        searched = 0
        buffer.moveReaderIndex(forwardBy: length + 2)
        return view[view.startIndex..<end]
    }

    private mutating func count(bytes: Int, elements: Int) throws(RESPError) {
        replyBytes += bytes
        replyElements += elements
        guard replyBytes <= limits.reply else { throw RESPError("a reply of more than \(limits.reply) bytes") }
    }

    /// A length, or `nil` for the value that is none.
    private mutating func length(_ digits: ByteBufferView) throws(RESPError) -> Int? {
        let length = Int(try Self.number(digits))
        if length == -1 { return nil }
        guard length >= 0, length <= limits.reply else { throw RESPError("the length \(length)") }
        try count(bytes: length, elements: 0)
        return length
    }

    private static func number(_ digits: ByteBufferView) throws(RESPError) -> Int64 {
        var rest = digits[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var number: Int64 = 0
        var isNumber = !rest.isEmpty
        for digit in rest {
            let (tenfold, isLarge) = number.multipliedReportingOverflow(by: 10)
            let value = Int64(digit) - 0x30
            let (sum, isLarger) =
                isNegative
                ? tenfold.subtractingReportingOverflow(value)
                : tenfold.addingReportingOverflow(value)
            isNumber = isNumber && (0...9).contains(value) && !isLarge && !isLarger
            number = sum
        }
        guard isNumber else {
            throw RESPError("'\(String(decoding: digits.prefix(32), as: UTF8.self))' instead of a number")
        }
        return number
    }

    private static func double(_ digits: ByteBufferView) throws(RESPError) -> Double {
        guard let number = Double(String(decoding: digits, as: UTF8.self)) else {
            throw RESPError("'\(String(decoding: digits.prefix(32), as: UTF8.self))' instead of a number")
        }
        return number
    }
}

/// Why a stream of bytes cannot be read any further.
struct RESPError: Error, Hashable, Sendable, CustomStringConvertible {
    let message: String

    init(_ message: String) {
        self.message = message
    }

    var description: String { "the server sent \(message)" }
}
