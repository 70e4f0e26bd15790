/// A signal name that carries an argument after a colon, taken apart: `rate-limit:500ms`.
///
/// ```swift
/// if let command = event.command, command.name == "rate-limit" {
///     pause(for: command.duration ?? .seconds(1))
/// }
/// ```
///
/// No text traps: one that is no command is no command, and an argument that is no time is text.
public struct SignalCommand: Sendable, Hashable {
    /// What stands before the first colon.
    public let name: String
    /// What stands after the first colon, as what it looks like; `nil` when there is no colon.
    public let argument: Argument?

    /// The argument of a command.
    @nonexhaustive
    public enum Argument: Sendable, Hashable {
        /// Digits with the unit `ms` or `s`.
        case duration(Duration)
        /// Digits, perhaps with a sign.
        case integer(Int)
        /// Anything else.
        case text(String)
    }

    /// Takes a text apart.
    ///
    /// - Parameter text: The text; `nil` comes back when there is nothing before the colon, or nothing after it.
    public init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            guard !text.isEmpty else { return nil }
            (name, argument) = (text, nil)
            return
        }
        let rest = text[text.utf8.index(after: colon)...]
        guard colon > text.startIndex, !rest.isEmpty else { return nil }
        name = String(text[..<colon])
        argument = Argument(rest)
    }

    /// The argument, when it is a time.
    public var duration: Duration? {
        if case .duration(let duration)? = argument { duration } else { nil }
    }

    /// The argument, when it is a number.
    public var integer: Int? {
        if case .integer(let integer)? = argument { integer } else { nil }
    }

    /// The argument, when it is neither a time nor a number.
    public var text: String? {
        if case .text(let text)? = argument { text } else { nil }
    }
}

extension SignalCommand.Argument {
    init(_ text: Substring) {
        if let milliseconds = Self.number(in: text, before: "ms") {
            self = .duration(.milliseconds(milliseconds))
        } else if let seconds = Self.number(in: text, before: "s") {
            self = .duration(.seconds(seconds))
        } else if let integer = Int(text) {
            self = .integer(integer)
        } else {
            self = .text(String(text))
        }
    }

    /// The number before a unit; `nil` when there are not just digits or they say too much.
    private static func number(in text: Substring, before unit: String) -> Int64? {
        guard text.hasSuffix(unit) else { return nil }
        let digits = text.dropLast(unit.count)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(digits)
    }
}

extension SignalEvent {
    /// The name taken apart as a command; `nil` when it is none.
    public var command: SignalCommand? { SignalCommand(signal) }
}
