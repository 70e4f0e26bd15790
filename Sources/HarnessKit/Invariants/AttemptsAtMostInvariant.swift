/// No operation is attempted more often than allowed.
enum AttemptsAtMostInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The bound; without it, the target's `maxAttempts`.
        var max: Int?
    }

    static let id = "attempts-at-most"
    static let summary = "no operation is attempted more often than the bound"

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.max, atLeast: 1, option: "max")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard let bound = options.max ?? evidence.option("maxAttempts") else {
            return .unknown("the target's options have no 'maxAttempts'; give the invariant's 'max'")
        }
        let table = OperationTable(history)
        if let index = table.records.firstIndex(where: { $0.attempts > bound }) {
            let attempts = Int(table.records[index].attempts)
            return .fail("operation #\(index) was attempted \(attempts) times; the bound is \(bound)")
        }
        guard history.events.contains(where: { $0.kind == .failed }) else {
            return .unknown("no attempt failed, so there was nothing to repeat")
        }
        let highest = table.records.map(\.attempts).max() ?? 0
        let repeated = table.records.count { $0.attempts > 1 }
        return .pass("at most \(highest) of \(bound); \(FindingText.count(repeated, "operation")) attempted again")
    }
}
