/// Several patterns of which one has to match: the form of all signal rules.
///
/// Each text may hold several patterns separated by commas, with spaces around them; blank ones are ignored.
public struct SignalPatternSet: Sendable, Hashable {
    /// The compiled patterns, in the order they were given.
    public let patterns: [SignalPattern]
    /// Differs for most sets that differ: a cheap first step of comparing them.
    private let fingerprint: Int

    /// Compiles patterns.
    ///
    /// - Parameter texts: Names, globs, and comma-separated lists of them.
    public init(_ texts: some Sequence<String>) {
        self.init(
            texts.flatMap { $0.split(separator: ",") }.compactMap { text in
                let trimmed = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
                return trimmed.isEmpty ? nil : SignalPattern(String(trimmed))
            }
        )
    }

    init(_ pattern: SignalPattern) {
        self.init([pattern])
    }

    private init(_ patterns: [SignalPattern]) {
        self.patterns = patterns
        fingerprint = patterns.reduce(patterns.count) { $0 &* 31 &+ NameCache.hash($1.text) }
    }

    /// The patterns of both sets.
    package func union(_ other: SignalPatternSet) -> SignalPatternSet {
        SignalPatternSet(patterns + other.patterns.filter { !patterns.contains($0) })
    }

    /// The name, when there is one pattern and it names one signal only.
    var onlyName: String? { patterns.count == 1 ? patterns[0].name : nil }

    /// Whether there is nothing that could match.
    public var isEmpty: Bool { patterns.isEmpty }

    /// Whether a name matches one of the patterns; never, when there are none.
    public func matches(_ name: String) -> Bool {
        patterns.contains { $0.matches(name) }
    }
}

extension SignalPatternSet {
    /// Whether two sets hold the same patterns in the same order.
    public static func == (left: SignalPatternSet, right: SignalPatternSet) -> Bool {
        left.fingerprint == right.fingerprint && left.patterns == right.patterns
    }

    /// Feeds the patterns to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(patterns)
    }
}

extension SignalPatternSet: ExpressibleByArrayLiteral {
    /// Compiles the texts of a literal.
    public init(arrayLiteral elements: String...) {
        self.init(elements)
    }
}
