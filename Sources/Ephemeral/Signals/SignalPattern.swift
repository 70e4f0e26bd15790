/// A compiled signal pattern: `*` stands for any run of characters, the empty run and dots included, `?` for exactly one.
///
/// Everything else is literal, and comparison is byte by byte: case counts, and nothing is normalised. A pattern without
/// wildcards matches that one name. `error.*` matches `error.` and `error.a.b`, not `error`.
///
/// Compiling is O(pattern); matching is O(name) except for patterns with several wildcards, which are
/// O(name × pattern) at worst. Neither fails: every text is a pattern.
public struct SignalPattern: Sendable, Hashable {
    /// The pattern as written.
    public let text: String
    private let shape: Shape
    private let literal: [UInt8]

    private enum Shape: Hashable {
        case exact, prefix, suffix, contains, anything, general
    }

    /// Compiles a pattern.
    ///
    /// - Parameter text: The pattern; `*` and `?` are wildcards.
    public init(_ text: String) {
        self.text = text
        let bytes = Array(text.utf8)
        let stars = bytes.count { $0 == Self.star }
        let hasMark = bytes.contains(Self.mark)
        switch (stars, hasMark, bytes.first == Self.star, bytes.last == Self.star) {
        case (0, false, _, _):
            (shape, literal) = (.exact, bytes)
        case (_, false, _, _) where stars == bytes.count:
            (shape, literal) = (.anything, bytes)
        case (1, false, _, true):
            (shape, literal) = (.prefix, Array(bytes.dropLast()))
        case (1, false, true, _):
            (shape, literal) = (.suffix, Array(bytes.dropFirst()))
        case (2, false, true, true):
            (shape, literal) = (.contains, Array(bytes.dropFirst().dropLast()))
        default:
            (shape, literal) = (.general, bytes)
        }
    }

    /// A pattern that matches all names that begin with `prefix`, which is taken literally.
    public static func prefix(_ prefix: String) -> SignalPattern {
        SignalPattern(text: prefix + "*", shape: .prefix, literal: Array(prefix.utf8))
    }

    /// A pattern that matches one name, which is taken literally.
    public static func exactly(_ name: String) -> SignalPattern {
        SignalPattern(text: name, shape: .exact, literal: Array(name.utf8))
    }

    /// A pattern that matches all names that contain `part`, which is taken literally.
    public static func containing(_ part: String) -> SignalPattern {
        SignalPattern(text: "*" + part + "*", shape: .contains, literal: Array(part.utf8))
    }

    private init(text: String, shape: Shape, literal: [UInt8]) {
        self.text = text
        self.shape = shape
        self.literal = literal
    }

    /// Whether the pattern names one signal only.
    public var isExact: Bool { shape == .exact }

    /// The name, when the pattern names one signal only.
    var name: String? { isExact ? text : nil }

    /// Whether a name matches.
    public func matches(_ name: String) -> Bool {
        let name = name.utf8Span.span
        switch shape {
        case .exact: return name.count == literal.count && Self.hasLiteral(literal.span, in: name, at: 0)
        case .prefix: return name.count >= literal.count && Self.hasLiteral(literal.span, in: name, at: 0)
        case .suffix:
            let offset = name.count - literal.count
            return offset >= 0 && Self.hasLiteral(literal.span, in: name, at: offset)
        case .anything: return true
        case .contains: return Self.contains(literal.span, in: name)
        case .general: return Self.matches(name, literal.span)
        }
    }

    private static let star = UInt8(ascii: "*")
    private static let mark = UInt8(ascii: "?")

    private static func hasLiteral(_ literal: Span<UInt8>, in name: Span<UInt8>, at offset: Int) -> Bool {
        for index in literal.indices where literal[index] != name[offset + index] { return false }
        return true
    }

    private static func contains(_ literal: Span<UInt8>, in name: Span<UInt8>) -> Bool {
        guard name.count >= literal.count else { return false }
        for offset in 0...(name.count - literal.count) where hasLiteral(literal, in: name, at: offset) { return true }
        return false
    }

    /// Greedy matching with one point of return: after a mismatch the last star takes one more character.
    private static func matches(_ name: Span<UInt8>, _ pattern: Span<UInt8>) -> Bool {
        var (position, place) = (0, 0)
        var lastStar: (place: Int, position: Int)?
        while position < name.count {
            if place < pattern.count, pattern[place] == star {
                lastStar = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == mark {
                position = endOfScalar(in: name, at: position)
                place += 1
            } else if place < pattern.count, pattern[place] == name[position] {
                position += 1
                place += 1
            } else if let star = lastStar {
                let resumed = endOfScalar(in: name, at: star.position)
                lastStar = (star.place, resumed)
                (position, place) = (resumed, star.place + 1)
            } else {
                return false
            }
        }
        while place < pattern.count, pattern[place] == star { place += 1 }
        return place == pattern.count
    }

    /// The position after the Unicode scalar that begins at `position`.
    private static func endOfScalar(in name: Span<UInt8>, at position: Int) -> Int {
        var end = position + 1
        while end < name.count, name[end] & 0b1100_0000 == 0b1000_0000 { end += 1 }
        return end
    }
}

extension SignalPattern {
    /// Whether two patterns were written alike and mean the same.
    ///
    /// The shape and the literal make the text, which need not be compared.
    public static func == (left: SignalPattern, right: SignalPattern) -> Bool {
        left.shape == right.shape && left.literal == right.literal
    }

    /// Feeds what makes the pattern to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(shape)
        hasher.combine(literal)
    }
}

extension SignalPattern: CustomStringConvertible {
    /// The pattern as written.
    public var description: String { text }
}

extension SignalPattern: ExpressibleByStringLiteral {
    /// Compiles the pattern of a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
