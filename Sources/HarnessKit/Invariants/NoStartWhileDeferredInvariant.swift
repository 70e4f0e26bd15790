internal import EphemeralTime

/// While a signal that defers starts is raised, no operation starts.
///
/// A signal counts as raised until it is retracted. Starts within the slack after it was raised were already decided;
/// further attempts of an operation that had started are no starts.
enum NoStartWhileDeferredInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// Names or globs of the signals that defer; `backpressure.*` when left out.
        var patterns: SignalPatterns?
        /// How long after the signal a start may still be recorded on the machine's clock; 1 ms when left out.
        var slack: DurationText?
    }

    static let id = "no-start-while-deferred"
    static let summary = "no operation starts while a deferring signal is raised"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let patterns = options.patterns?.patterns ?? ["backpressure.*"]
        let slack = evidence.slack(options.slack)
        var deferral = Deferral(history, patterns: patterns.map { Glob($0) }, slack: slack)
        for event in history.events {
            if let early = deferral.apply(event) {
                return .fail(
                    "operation #\(early.operation) started at \(FindingText.time(early.start)), while "
                        + "'\(early.signal)' was raised since \(FindingText.time(early.raised))"
                )
            }
        }
        deferral.close()
        let names = patterns.map { "'\($0)'" }.joined(separator: " or ")
        guard deferral.intervals > 0 else { return .unknown("no signal \(names) was raised") }
        guard deferral.exercised > 0 else {
            return .unknown("nothing waited while \(names) was raised")
        }
        return .pass("no start during \(FindingText.count(deferral.exercised, "deferral")) with operations waiting")
    }
}

/// Follows the deferring signals of a history.
private struct Deferral {
    struct EarlyStart {
        var operation: Int32
        var start: Int64
        var signal: String
        var raised: Int64
    }

    /// Intervals in which a deferring signal was raised, and those of them in which an operation waited.
    private(set) var intervals = 0
    private(set) var exercised = 0

    private let deferring: [Bool]
    private let names: [String]
    private let slack: Int64
    private var raised: [Int32: Int] = [:]
    private var began: (time: Int64, signal: String)?
    private var hasWaited = false
    private var sweep: LevelSweep

    init(_ history: History, patterns: [Glob], slack: Int64) {
        names = history.signalNames
        deferring = names.map { name in patterns.contains { $0.matches(name) } }
        self.slack = slack
        sweep = LevelSweep(history)
    }

    mutating func apply(_ event: HistoryEvent) -> EarlyStart? {
        // What waits until this event waits past the slack, in which starts are still allowed.
        if let began, sweep.depth > 0, event.time > began.time &+ slack { hasWaited = true }
        switch event.kind {
        case .signalRaised where isDeferring(event.detail):
            raised[event.detail, default: 0] += 1
            if began == nil {
                began = (event.time, names[Int(event.detail)])
                intervals += 1
            }
        case .signalRetracted where isDeferring(event.detail):
            let left = (raised[event.detail] ?? 0) - 1
            raised[event.detail] = left > 0 ? left : nil
            if raised.isEmpty { close() }
        case .started where event.attempt <= 1:
            guard let began, event.time > began.time &+ slack else { break }
            return EarlyStart(
                operation: event.operation,
                start: event.time,
                signal: began.signal,
                raised: began.time
            )
        default:
            break
        }
        sweep.apply(event)
        return nil
    }

    mutating func close() {
        if began != nil, hasWaited || sweep.depth > 0 { exercised += 1 }
        began = nil
        hasWaited = false
    }

    private func isDeferring(_ name: Int32) -> Bool {
        deferring.indices.contains(Int(name)) && deferring[Int(name)]
    }
}
