/// While a circuit breaker is open, no operation starts.
///
/// It is open while as many failures as its threshold lie no further back than its window. An operation that starts at the
/// instant in which it opens may have been let through before; further attempts of an operation are no starts.
enum NoStartWhileOpenInvariant: Invariant {
    /// Options of the invariant.
    typealias Options = BreakerOptions

    static let id = "no-start-while-open"
    static let summary = "no operation starts while a circuit breaker is open"

    static func validate(_ options: Options) throws { try options.validate() }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        BreakerWindow.judge(evidence, options, judge)
    }

    private static func judge(_ history: History, _ breaker: BreakerWindow) -> Finding {
        var turnedAway = 0
        for event in history.events where event.operation >= 0 {
            switch event.kind {
            case .started where event.attempt <= 1:
                guard let open = breaker.stretch(certainlyAt: event.time) else { continue }
                return .fail(
                    "operation #\(event.operation) started at \(FindingText.time(event.time)), while "
                        + "\(FindingText.names(breaker.signals)) kept the breaker open from "
                        + "\(FindingText.time(open.lowerBound)) to \(FindingText.time(open.upperBound))"
                )
            case .refused where breaker.mayBeOpen(at: event.time):
                turnedAway += 1
            default:
                continue
            }
        }
        guard !breaker.open.isEmpty else { return .unknown(breaker.neverOpened) }
        guard turnedAway > 0 else { return .unknown("nothing came while the breaker was open") }
        return .pass(
            "no start while open, \(FindingText.count(breaker.open.count, "time")); "
                + "\(FindingText.count(turnedAway, "operation")) turned away"
        )
    }
}
