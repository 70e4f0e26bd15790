/// Never more attempts of one key run at once than the target is limited to.
enum ConcurrencyBoundPerKeyInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The bound; without it, the target's `maxConcurrencyPerKey` or `perKeyConcurrency`, and 1 where that is left out.
        var max: Int?
    }

    static let id = "concurrency-bound-per-key"
    static let summary = "never more attempts of one key run at once than the bound"

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.max, atLeast: 1, option: "max")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let bound = options.max ?? evidence.allowedConcurrencyPerKey
        var running: [Int32: [Int32]] = [:]
        var started: [Int32: Int] = [:]
        var highest = 0
        for event in history.events where event.operation >= 0 {
            let key = event.detail
            switch event.kind {
            case .started:
                running[key, default: []].append(event.operation)
                started[key, default: 0] += 1
                let now = running[key] ?? []
                highest = max(highest, now.count)
                if now.count > bound {
                    return .fail(
                        "\(now.count) attempts of key \(key) ran at once at \(FindingText.time(event.time)) "
                            + "(\(FindingText.list(now))); the bound is \(bound)"
                    )
                }
            case .completed, .failed, .cancelled:
                guard let index = running[key]?.firstIndex(of: event.operation) else { continue }
                running[key]?.remove(at: index)
            default:
                continue
            }
        }
        let shared = started.count { $0.value > 1 }
        guard shared > 0 else { return .unknown("no two attempts shared a key") }
        return .pass("at most \(highest) of \(bound) at once per key, over \(FindingText.count(shared, "shared key"))")
    }
}
