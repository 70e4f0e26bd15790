/// Every signal that opens something is followed by one that closes it, and none closes what is not open.
///
/// Where the opening name has a `*`, what stands for it in a closing name with a `*` must be the same: `stage.start:7` is closed
/// by `stage.done:7`. Without closing names, the retraction of the signal itself closes it.
enum SignalsPairedInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// Names or globs of the signals that open.
        var open: SignalPatterns
        /// Names or globs of those that close; the retraction of the opening signal when left out.
        var close: SignalPatterns?
        /// Whether a closing signal closes one of the open ones (when left out) or all.
        var closes: Extent?
    }

    /// How many open signals a closing one closes.
    enum Extent: String, Codable, Sendable, CaseIterable {
        case one
        case all
    }

    static let id = "signals-paired"
    static let summary = "every signal that opens something is followed by one that closes it"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        var pairs = Pairs(history, options)
        for event in history.events where event.operation < 0 {
            if let problem = pairs.apply(event) { return .fail(problem) }
        }
        guard pairs.opened > 0 else {
            return .unknown("no signal \(FindingText.names(options.open.patterns)) was raised")
        }
        if let left = pairs.firstOpen {
            let text = "'\(left.name)', raised at \(FindingText.time(left.time)), was never closed"
            let unended = OperationTable(history).records.count { $0.fate == .running || $0.fate == .waiting }
            // What is under way when a run ends may have closed it later.
            if unended > 0 { return .unknown("\(text); \(FindingText.count(unended, "operation")) had not ended") }
            return evidence.isCutOff ? .unknown("\(text) before the run was cut off") : .fail(text)
        }
        return .pass("\(FindingText.count(pairs.opened, "signal")), each closed")
    }
}

/// Follows the opening and closing signals of a history.
private struct Pairs {
    private(set) var opened = 0

    private let names: [String]
    private let options: SignalsPairedInvariant.Options
    /// What is open, by what the star of its name stands for.
    private var open: [String: [(time: Int64, name: String)]] = [:]

    init(_ history: History, _ options: SignalsPairedInvariant.Options) {
        names = history.signalNames
        self.options = options
    }

    /// The oldest signal that is open.
    var firstOpen: (time: Int64, name: String)? { open.values.compactMap(\.first).min { $0.time < $1.time } }

    /// Takes an event of a signal, and returns what is wrong.
    mutating func apply(_ event: HistoryEvent) -> String? {
        let name = names[Int(event.detail)]
        switch event.kind {
        case .signalRaised:
            if let label = Self.label(of: name, in: options.open.patterns) {
                opened += 1
                open[label, default: []].append((event.time, name))
            } else if let close = options.close, let label = Self.label(of: name, in: close.patterns) {
                return self.close(label, by: "'\(name)', raised", at: event.time)
            }
        case .signalRetracted where options.close == nil:
            guard let label = Self.label(of: name, in: options.open.patterns) else { return nil }
            return close(label, by: "the retraction of '\(name)'", at: event.time)
        default:
            break
        }
        return nil
    }

    private mutating func close(_ label: String, by cause: String, at time: Int64) -> String? {
        // An opening name without a star is closed by any label, and a closing name without one closes any.
        let candidates = [label, ""] + (label.isEmpty ? oldestLabel.map { [$0] } ?? [] : [])
        guard let key = candidates.first(where: { open[$0] != nil }), var left = open[key] else {
            return "\(cause) at \(FindingText.time(time)), closes nothing"
        }
        if options.closes == .all { left = [] } else { left.removeFirst() }
        open[key] = left.isEmpty ? nil : left
        return nil
    }

    private var oldestLabel: String? {
        open.compactMap { label, signals in signals.first.map { (label, $0.time) } }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// What the star of the first pattern that matches stands for; nothing where it has none.
    private static func label(of name: String, in patterns: [String]) -> String? {
        guard let pattern = patterns.first(where: { Glob($0).matches(name) }) else { return nil }
        guard let star = pattern.firstIndex(of: "*") else { return "" }
        let before = pattern[..<star].count
        let after = pattern[pattern.index(after: star)...].count
        return String(name.dropFirst(before).dropLast(after))
    }
}
