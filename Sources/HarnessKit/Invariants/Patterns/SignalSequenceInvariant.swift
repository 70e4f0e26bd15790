/// The signals of each operation come in a fixed order, each name once, none is missing, and one is the last.
///
/// Targets tell them by ``TargetObserver/emitted(_:signal:)``, since the names of signals alone do not say whose they are. Where a
/// name of the order has a star, several signals may stand in its place; numbers behind the last colon grow then.
enum SignalSequenceInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// Names or globs in the order in which they come.
        var order: [String]
        /// Those of the order that may be missing; none when left out.
        var optional: [String]?
        /// Names or globs after which nothing comes; each operation that has ended has one of them.
        ///
        /// One that is not in the order cuts it short.
        var last: [String]?
    }

    static let id = "signal-sequence"
    static let summary = "the signals of each operation come in a fixed order, each once, none missing, and to an end"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let order = SignalOrder(options)
        var sequences: [Int32: SignalSequence] = [:]
        for event in history.events where event.kind == .emitted {
            let name = history.signalNames[Int(event.detail)]
            if let problem = sequences[event.operation, default: SignalSequence()].add(name, order) {
                return .fail("operation #\(event.operation): '\(name)' at \(FindingText.time(event.time)) \(problem)")
            }
        }
        guard !sequences.isEmpty else { return .unknown("no operation raised a signal") }
        var whole = 0
        for (index, record) in OperationTable(history).records.enumerated() where record.ends > 0 {
            let sequence = sequences[Int32(index)]
            if let problem = order.problem(atTheEndOf: sequence, isCompleted: record.fate == .completed) {
                // What a run that was cut off lacks may have been about to come.
                guard evidence.isCutOff else { return .fail("operation #\(index) \(problem)") }
            } else if sequence != nil {
                whole += 1
            }
        }
        let open = sequences.count - whole
        guard open == 0 else {
            return .unknown("\(FindingText.count(open, "operation")) had not come to an end when the run did")
        }
        return .pass(
            "\(FindingText.count(whole, "operation")) in order" + (options.last == nil ? "" : " and to an end")
        )
    }
}

/// The order that an operation's signals have to keep.
private struct SignalOrder {
    /// One place of it.
    struct Place {
        var pattern: String
        var glob: Glob
        var repeats: Bool
        var isOptional: Bool
    }

    let places: [Place]
    private let last: [Glob]?

    init(_ options: SignalSequenceInvariant.Options) {
        let optional = Set(options.optional ?? [])
        places = options.order.map { pattern in
            Place(
                pattern: pattern,
                glob: Glob(pattern),
                repeats: pattern.contains("*"),
                isOptional: optional.contains(pattern)
            )
        }
        last = options.last?.map { Glob($0) }
    }

    func isLast(_ name: String) -> Bool { last?.contains { $0.matches(name) } ?? false }

    /// The first place of a range that may not be left empty.
    func missing(in range: Range<Int>) -> String? { range.lazy.map { places[$0] }.first { !$0.isOptional }?.pattern }

    /// What an operation that has ended lacks; one that has failed without a last signal to show for it may lack anything.
    func problem(atTheEndOf sequence: SignalSequence?, isCompleted: Bool) -> String? {
        guard let sequence else { return isCompleted ? "ended without any of its signals" : nil }
        if last != nil { return sequence.isOver ? nil : "ended, and its last signal was '\(sequence.latest)'" }
        guard isCompleted, let name = missing(in: sequence.next..<places.count) else { return nil }
        return "completed without '\(name)'"
    }
}

/// The signals of one operation so far.
private struct SignalSequence {
    private(set) var latest = ""
    private(set) var isOver = false
    /// The first place of the order that nothing has stood in.
    private(set) var next = 0
    private var names: Set<String> = []
    private var number = Int.min

    /// Takes a signal, and returns what is wrong about it.
    mutating func add(_ name: String, _ order: SignalOrder) -> String? {
        if isOver { return "comes after '\(latest)', which is the last" }
        guard names.insert(name).inserted else { return "comes a second time" }
        defer { latest = name }
        isOver = order.isLast(name)
        // A place with a star takes more signals until something stands in a later one.
        let first = next > 0 && order.places[next - 1].repeats ? next - 1 : next
        guard let found = order.places.indices.first(where: { $0 >= first && order.places[$0].glob.matches(name) })
        else {
            if isOver { return nil }
            let isKnown = order.places.contains { $0.glob.matches(name) }
            return isKnown ? "comes after '\(latest)'" : "has no place in the order"
        }
        if found >= next {
            if let missing = order.missing(in: next..<found) { return "comes without '\(missing)' before it" }
            number = .min
            next = found + 1
        }
        guard order.places[found].repeats, let value = Self.number(in: name) else { return nil }
        guard value > number else { return "does not grow after '\(latest)'" }
        number = value
        return nil
    }

    private static func number(in name: String) -> Int? {
        name.lastIndex(of: ":").flatMap { Int(name[name.index(after: $0)...]) }
    }
}
