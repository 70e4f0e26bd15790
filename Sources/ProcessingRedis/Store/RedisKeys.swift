internal import Processing

/// The keys of a queue, in the order in which scripts know them.
struct QueueKeys: Sendable {
    let name: String
    let written: WrittenArguments
    /// The streams by rank.
    let streams: [String]
    /// The hash of counters.
    let counters: String
    private let base: String
    private let all: [String]

    init(prefix: String, queue: String) {
        name = queue
        // The braces keep all keys of a queue on one node of a cluster; those of the name itself must not end them early.
        base = "\(prefix){\(queue.escaped)}:"
        streams = JobPriority.allCases.map { [base] in "\(base)s:\($0.rawValue)" }
        let others = ["delayed", "delayed:p", "dead", "dead:i", "stat", "workers"]
        all = streams + others.map { [base] in base + $0 }
        counters = "\(base)stat"
        written = WrittenArguments(all)
    }

    /// How many keys scripts know without those of idempotency.
    static let count = 9

    /// The keys, and behind them those of idempotency.
    func written(withIdempotency keys: [String]) -> WrittenArguments {
        keys.isEmpty ? written : WrittenArguments(all + keys.map { "\(base)idem:\($0)" })
    }
}

/// The keys of critical operations, in the order in which scripts know them.
struct EmergencyKeys: Sendable {
    let written: WrittenArguments

    init(prefix: String, tag: String) {
        let names = ["records", "states", "index", "expiry", "resolved", "stat"]
        written = WrittenArguments(names.map { "\(prefix){\(tag.escaped)}:\($0)" })
    }
}

extension String {
    fileprivate var escaped: String {
        reduce(into: "") { text, character in
            switch character {
            case "%": text += "%25"
            case "{": text += "%7B"
            case "}": text += "%7D"
            default: text.append(character)
            }
        }
    }
}

extension JobPriority {
    /// The number that scripts know it by.
    var number: Int { rank + 1 }

    init?(number: Int) {
        guard JobPriority.allCases.indices.contains(number - 1) else { return nil }
        self = JobPriority.allCases[number - 1]
    }
}
