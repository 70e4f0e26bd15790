/// The signals of each operation come in a fixed order, each name once, and end with one that is the last.
///
/// Targets tell them by ``TargetObserver/emitted(_:signal:)``, since the names of signals alone do not say whose they are. Where a
/// name of the order has a star, several signals may stand in its place; numbers behind the last colon grow then.
enum SignalSequenceInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// Names or globs in the order in which they come; any of them may be left out.
        var order: [String]
        /// Names or globs after which nothing comes; each operation that has ended has one of them.
        var last: [String]?
    }

    static let id = "signal-sequence"
    static let summary = "the signals of each operation come in a fixed order, each once, and to an end"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        var sequences: [Int32: SignalSequence] = [:]
        for event in history.events where event.kind == .emitted {
            let name = history.signalNames[Int(event.detail)]
            if let problem = sequences[event.operation, default: SignalSequence()].add(name, options) {
                return .fail("operation #\(event.operation): '\(name)' at \(FindingText.time(event.time)) \(problem)")
            }
        }
        guard !sequences.isEmpty else { return .unknown("no operation raised a signal") }
        guard options.last != nil else { return .pass("\(FindingText.count(sequences.count, "operation")) in order") }
        for (index, record) in OperationTable(history).records.enumerated() where record.ends > 0 {
            guard let sequence = sequences[Int32(index)], !sequence.isOver else { continue }
            return .fail("operation #\(index) ended, and its last signal was '\(sequence.latest)'")
        }
        return .pass("\(FindingText.count(sequences.count, "operation")) in order and to an end")
    }
}

/// The signals of one operation so far.
private struct SignalSequence {
    private(set) var latest = ""
    private(set) var isOver = false
    /// The place in the order that the next signal must not be before.
    private var place = 0
    private var number = Int.min

    /// Takes a signal, and returns what is wrong about it.
    mutating func add(_ name: String, _ options: SignalSequenceInvariant.Options) -> String? {
        if isOver { return "comes after '\(latest)', which is the last" }
        defer { latest = name }
        let found = options.order.indices.first { $0 >= place && Glob(options.order[$0]).matches(name) }
        if let found {
            if found > place || !options.order[found].contains("*") { number = .min }
            place = options.order[found].contains("*") ? found : found + 1
            if let value = Self.number(in: name), options.order[found].contains("*") {
                guard value > number else { return "does not grow after '\(latest)'" }
                number = value
            }
        }
        isOver = (options.last ?? []).contains { Glob($0).matches(name) }
        guard found == nil, !isOver else { return nil }
        let isKnown = options.order.contains { Glob($0).matches(name) }
        return isKnown ? "comes after '\(latest)'" : "has no place in the order"
    }

    private static func number(in name: String) -> Int? {
        name.lastIndex(of: ":").flatMap { Int(name[name.index(after: $0)...]) }
    }
}
