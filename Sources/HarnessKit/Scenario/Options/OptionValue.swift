/// A type of option with a notation of its own, which schemas and descriptions show.
///
/// Options of plugins are ordinary `Codable` types; their keys and types are found by decoding them once from
/// placeholders. A type that reads a text, like ``DurationText``, says here what that text looks like.
public protocol OptionValue: Codable, Sendable {
    /// What a value looks like in a scenario.
    static var optionShape: ValueShape { get }
    /// Any valid value.
    static var optionExample: Self { get }
}

/// A duration in the options of a plugin, written as `"50ms"`.
public struct DurationText: OptionValue, Hashable {
    /// The duration.
    public var duration: Duration

    /// What a value looks like in a scenario.
    public static var optionShape: ValueShape { .measure(.duration) }
    /// 50 ms.
    public static var optionExample: DurationText { DurationText(.milliseconds(50)) }

    /// Creates a duration for options.
    public init(_ duration: Duration) {
        self.duration = duration
    }

    /// Reads the scenario's notation.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(Measure.Mistake) {
            duration = Duration.rounded(seconds: try Measure.duration.read(text))
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    /// Writes the scenario's notation.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// The duration in the largest unit that leaves no fraction.
    public var text: String {
        let (seconds, attoseconds) = duration.components
        guard attoseconds != 0 else { return "\(seconds)s" }
        let nanoseconds = Int64((duration.seconds * 1e9).rounded())
        if nanoseconds % 1_000_000 == 0 { return "\(nanoseconds / 1_000_000)ms" }
        return nanoseconds % 1000 == 0 ? "\(nanoseconds / 1000)us" : "\(nanoseconds)ns"
    }
}

/// Names or globs of signals in the options of a plugin, written as one string or a list of strings.
public struct SignalPatterns: OptionValue, Hashable, ExpressibleByArrayLiteral {
    /// The names or globs.
    public var patterns: [String]

    /// What a value looks like in a scenario.
    public static var optionShape: ValueShape { .either([.text, .list(.text, atLeast: 0)]) }
    /// One name.
    public static var optionExample: SignalPatterns { ["stop"] }

    /// Creates a list of patterns.
    public init(_ patterns: [String]) {
        self.patterns = patterns
    }

    /// Creates a list of patterns.
    public init(arrayLiteral elements: String...) {
        patterns = elements
    }

    /// Reads the scenario's notation.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let pattern = try? container.decode(String.self) {
            patterns = [pattern]
        } else {
            patterns = try container.decode([String].self)
        }
    }

    /// Writes the scenario's notation.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(patterns)
    }
}
