/// A circuit breaker turns operations away only while it is open: while as many failures as its threshold lie no further back
/// than its window.
///
/// With `no-start-while-open` it says that the breaker is open exactly while the window says so.
enum RefusedOnlyWhileOpenInvariant: Invariant {
    /// Options of the invariant.
    typealias Options = BreakerOptions

    static let id = "refused-only-while-open"
    static let summary = "operations are turned away only while a circuit breaker is open"

    static func validate(_ options: Options) throws { try options.validate() }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        BreakerWindow.judge(evidence, options, judge)
    }

    private static func judge(_ history: History, _ breaker: BreakerWindow) -> Finding {
        var refused = 0
        for event in history.events where event.kind == .refused {
            refused += 1
            if breaker.mayBeOpen(at: event.time) { continue }
            return .fail(
                "operation #\(event.operation) was refused at \(FindingText.time(event.time)), when there were fewer than "
                    + "\(FindingText.count(breaker.threshold, "failure")) \(FindingText.names(breaker.signals)) in the window"
            )
        }
        guard refused > 0 else { return .unknown("no operation was refused") }
        return .pass("\(FindingText.count(refused, "operation")) refused, all while open")
    }
}
