/// A kind of quantity that scenarios write as a string with its unit.
public enum Measure: String, Sendable, CaseIterable {
    /// `250ms`: a non-negative time with ns, us, ms, s, m or h.
    case duration
    /// `400/s`: a non-negative number per second, minute or hour.
    case rate
    /// `3%`: a share from 0 to 100 per cent.
    case share
    /// `64KiB`: a size with B, KiB, MiB or GiB.
    case size

    /// An example of the notation.
    public var example: String {
        switch self {
        case .duration: "250ms"
        case .rate: "400/s"
        case .share: "3%"
        case .size: "64KiB"
        }
    }

    /// What the notation is, in words.
    public var words: String {
        switch self {
        case .duration: "a duration (ns, us, ms, s, m or h)"
        case .rate: "a rate (/s, /m or /h)"
        case .share: "a percentage"
        case .size: "a size (B, KiB, MiB or GiB)"
        }
    }

    /// Units and their worth in the base unit: seconds, per second, a share of 1, bytes.
    var units: [(name: String, factor: Double)] {
        switch self {
        case .duration: [("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)]
        case .rate: [("/s", 1), ("/m", 1.0 / 60), ("/h", 1.0 / 3600)]
        case .share: [("%", 0.01)]
        case .size: [("B", 1), ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824)]
        }
    }

    /// A regular expression for the notation, as schemas carry it.
    var pattern: String {
        let names = units.map(\.name).joined(separator: "|")
        return "^[0-9]+(\\.[0-9]+)?(\(names))$"
    }

    /// The largest value in the base unit.
    var limit: Double {
        switch self {
        // A year: far above any run, far below what nanoseconds in 64 bits hold.
        case .duration: 8760 * 3600
        case .rate: 1e9
        case .share: 1
        case .size: 1_099_511_627_776
        }
    }

    private var limitText: String {
        switch self {
        case .duration: "8760h"
        case .rate: "1000000000/s"
        case .share: "100%"
        case .size: "1024GiB"
        }
    }

    /// Why a text is not a quantity of this kind, and the mend.
    package struct Mistake: Error {
        package var message: String
    }

    /// Reads a text in the base unit.
    package func read(_ text: String) throws(Mistake) -> Double {
        let isNegative = text.hasPrefix("-")
        let number = text.drop { $0 == "-" || $0 == "+" }.prefix { ("0"..."9").contains($0) || $0 == "." }
        let unit = text.drop { $0 == "-" || $0 == "+" }.dropFirst(number.count)
        guard let magnitude = Self.decimal(number) else {
            throw Mistake(message: "\"\(text.shortened)\" is not \(words); write it as \"\(example)\"")
        }
        if isNegative {
            throw Mistake(message: "\"\(text.shortened)\" is negative; write 0 or more, as \"\(example)\"")
        }
        guard !unit.isEmpty else {
            throw Mistake(message: "\"\(text.shortened)\" has no unit; write \(suggestion(for: number))")
        }
        guard let factor = units.first(where: { $0.name == unit })?.factor, !text.hasPrefix("+") else {
            let message = "\"\(text.shortened)\" is not \(words); write it as \"\(example)\""
            throw Mistake(message: message)
        }
        let value = magnitude * factor
        guard value <= limit else {
            throw Mistake(message: "\"\(text.shortened)\" is out of range; the most is \(limitText)")
        }
        return value
    }

    /// What to write instead of a number without its unit.
    func suggestion(for number: some StringProtocol) -> String {
        switch self {
        case .duration: "\"\(number)ms\" or \"\(number)s\""
        case .rate: "\"\(number)/s\""
        case .share: "\"\(number)%\""
        case .size: "\"\(number)KiB\" or \"\(number)B\""
        }
    }

    private static func decimal(_ text: Substring) -> Double? {
        guard let first = text.utf8.first, let last = text.utf8.last else { return nil }
        guard first != UInt8(ascii: "."), last != UInt8(ascii: "."), text.utf8.count <= 40 else { return nil }
        return Double(text)
    }
}

extension Duration {
    /// A duration of so many seconds, rounded to nanoseconds.
    static func rounded(seconds: Double) -> Duration {
        .nanoseconds(Int64((seconds * 1e9).rounded()))
    }

    /// The duration as scenarios write it.
    var text: String { DurationText(self).text }
}

extension String {
    /// The text, cut where a message would become unreadable.
    var shortened: String {
        count > 60 ? "\(prefix(60))…" : self
    }
}
