internal import EphemeralTime

extension Evidence {
    /// A whole number among the target's options.
    func option(_ name: String) -> Int? {
        guard case .object(let options) = targetOptions, case .integer(let value) = options[name] else { return nil }
        return Int(exactly: value)
    }

    /// A duration among the target's options, in nanoseconds.
    func duration(_ name: String) -> Int64? {
        guard case .object(let options) = targetOptions, let value = options[name] else { return nil }
        return (try? value.decode(as: DurationText.self))?.duration.clampedNanoseconds
    }

    /// Names or globs of signals among the target's options.
    func patternsOption(_ name: String) -> [String]? {
        guard case .object(let options) = targetOptions, let value = options[name] else { return nil }
        return try? value.decode(as: SignalPatterns.self).patterns
    }

    /// How much later than the target's decision an event may have been recorded, in nanoseconds.
    ///
    /// In virtual time nothing passes between the two; on the machine's clock it may be long when the machine is busy.
    func slack(_ slack: DurationText?, orElse usual: Duration = .milliseconds(50)) -> Int64 {
        clock == .virtual ? 0 : (slack?.duration ?? usual).clampedNanoseconds
    }

    /// The highest number of attempts that the target may run at once: its option, times
    /// `members` where there are any, or what the timeline raises it to.
    var allowedConcurrency: Int? {
        guard let own = option("maxConcurrency") ?? option("maxGlobalConcurrency") ?? concurrency else {
            return highestLimit
        }
        // Each member of a group has slots of its own.
        let (all, overflow) = own.multipliedReportingOverflow(by: max(1, option("members") ?? capabilities.parts))
        return max(overflow ? .max : all, highestLimit ?? 0)
    }

    /// How many attempts of one key the target may run at once, by its options; 1 where they do not say.
    var allowedConcurrencyPerKey: Int {
        option("maxConcurrencyPerKey") ?? option("perKeyConcurrency").map { max(1, $0) } ?? 1
    }

    /// How many operations can have left the queue without having ended: the allowed concurrency, or where no option
    /// names one, the highest that was seen.
    ///
    /// An operation's start is recorded when its body begins, a moment after the target decided on it. What a history
    /// shows of queue and order is therefore only certain up to the free slots of that moment.
    var slots: Int { max(1, allowedConcurrency ?? highestConcurrency) }
}

extension Int64 {
    /// The sum, or the greatest number when it is greater.
    func plus(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

/// Texts of findings.
enum FindingText {
    static func time(_ nanoseconds: Int64) -> String {
        let sign = nanoseconds < 0 ? "-" : ""
        let micros = nanoseconds.magnitude / 1000
        let fraction = String(micros % 1000)
        return "\(sign)\(micros / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) ms"
    }

    static func list(_ operations: [Int32]) -> String {
        let shown = operations.sorted().prefix(8).map { "#\($0)" }.joined(separator: ", ")
        return operations.count > 8 ? "\(shown) and \(operations.count - 8) more" : shown
    }

    static func count(_ number: Int, _ noun: String) -> String { count(number, noun, "\(noun)s") }

    static func count(_ number: Int, _ noun: String, _ plural: String) -> String {
        "\(number) \(number == 1 ? noun : plural)"
    }

    static let needsHistory = "needs the history, which this recording level does not keep"
}
