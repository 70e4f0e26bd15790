#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// A closed form of a scenario beside what was measured.
public struct AnalyticCheck: Codable, Sendable, Equatable {
    /// What was worked out: `utilisation of 'hold'`.
    public var name: String
    /// What the scenario lets one expect.
    public var expected: Double
    /// What the run gave.
    public var measured: Double
    /// How far the two may be apart, as a share of the expected value.
    public var tolerance: Double

    /// Creates a check.
    public init(name: String, expected: Double, measured: Double, tolerance: Double) {
        self.name = name
        self.expected = expected
        self.measured = measured
        self.tolerance = tolerance
    }

    /// Whether both are as close as they should be.
    public var holds: Bool { abs(measured - expected) <= tolerance * abs(expected) + 1e-12 }

    /// The check in a sentence.
    var sentence: String {
        let numbers = "expected \(NoteText.number(expected)), measured \(NoteText.number(measured))"
        return holds
            ? "\(name): \(numbers)"
            : "\(name) is not what the scenario lets one expect: \(numbers); look for a hidden queue, work that takes longer "
                + "than planned, or a wrong expectation"
    }
}

/// Works closed forms of a scenario out and sets them beside a run.
struct AnalyticComparison {
    let plan: Plan
    let target: TargetSpec
    let metrics: HistoryMetrics
    let clock: RunClock
    /// The numbers of phases whose queues grew: what they did says nothing about the rate they were offered.
    let unstable: Set<Int>

    /// The checks that the scenario and the run allow.
    func checks() -> [AnalyticCheck] {
        utilisation() + attempts() + littlesLaw()
    }

    /// Sleeping on the real clock takes a little longer than planned.
    private var slack: Double { clock == .virtual ? 0 : 0.25 }

    /// Rate times work, over the limit, against the mean number of attempts in flight over the limit.
    private func utilisation() -> [AnalyticCheck] {
        let scenario = plan.scenario
        guard scenario.isSteady, scenario.work.kind == .suspend, scenario.faults.isEmpty,
            let limit = target.option("maxConcurrency"), limit > 0, scenario.load.isOpen
        else { return [] }
        let work = scenario.work.time.meanSeconds
        return metrics.phaseSpans.enumerated().compactMap { index, span in
            guard span.measured, !unstable.contains(index), let rate = plan.scenario.load.phases[index].constantRate
            else { return nil }
            let operations = rate * span.seconds
            let expected = rate * work / Double(limit)
            // Near saturation, and with few operations, chance decides.
            guard expected > 0, expected < 0.8, operations >= 200 else { return nil }
            return AnalyticCheck(
                name: "utilisation in phase '\(span.name)' of '\(target.id)'",
                expected: expected,
                measured: metrics.meanInFlight(in: span.range) / Double(limit),
                tolerance: 5 / operations.squareRoot() + slack
            )
        }
    }

    /// Attempts per operation where attempts fail independently: a geometric series, up to the target's limit.
    private func attempts() -> [AnalyticCheck] {
        guard let limit = target.option("maxAttempts"), limit > 1,
            let share = Self.retriedShare(of: plan.scenario, target: target), share > 0, share < 1,
            let measured = metrics.total()["attempts.perOperation.mean"], measured.n >= 200
        else { return [] }
        return [
            AnalyticCheck(
                name: "attempts per operation of '\(target.id)'",
                expected: Self.expectedAttempts(share, limit: limit),
                measured: measured.value,
                tolerance: 5 / Double(measured.n).squareRoot()
            )
        ]
    }

    /// The sum of the first terms of a geometric series, without adding them up: limits may be as large as numbers are.
    static func expectedAttempts(_ share: Double, limit: Int) -> Double {
        (1 - pow(share, Double(limit))) / (1 - share)
    }

    /// The share of attempts that another one follows; `nil` where the scenario does not say.
    ///
    /// After an error that is taken for permanent there may be no other attempt, which is the target's to decide.
    static func retriedShare(of scenario: Scenario, target: TargetSpec) -> Double? {
        let permanent = target.permanentErrors
        var succeeds = 1.0
        for fault in scenario.faults {
            switch (fault.effect, fault.scope, fault.active) {
            case (.error(let name), .attempt, .always) where fault.part == nil && !permanent.contains(name):
                succeeds *= 1 - fault.rate
            case (.delay, _, _): break
            default: return nil
            }
        }
        return 1 - succeeds
    }

    /// The mean number of attempts in flight against throughput times the mean length of an attempt (Little 1961).
    ///
    /// Both are of the whole run, which begins and ends empty: then they are equal, or the harness has lost an event.
    private func littlesLaw() -> [AnalyticCheck] {
        guard let end = metrics.history.events.last?.time, end > 0 else { return [] }
        let lengths = metrics.attemptSeconds()
        guard lengths.isWhole, lengths.count >= 50 else { return [] }
        let seconds = Double(end) / 1e9
        return [
            AnalyticCheck(
                name: "attempts in flight of '\(target.id)' by Little's law",
                expected: lengths.sum / seconds,
                measured: metrics.meanInFlight(in: 0..<end),
                tolerance: 0.001
            )
        ]
    }
}

extension HistoryMetrics {
    /// The lengths of all attempts, and whether each that began has ended.
    fileprivate func attemptSeconds() -> (sum: Double, count: Int, isWhole: Bool) {
        let operations = history.events.reduce(0) { max($0, Int($1.operation) + 1) }
        let none = OperationTable.never
        var starts = Array(repeating: none, count: operations)
        var (sum, count, open) = (0.0, 0, 0)
        for event in history.events where event.operation >= 0 {
            switch event.kind {
            case .started:
                // An operation that runs twice at once has no length of its own.
                guard starts[Int(event.operation)] == none else { return (0, 0, false) }
                starts[Int(event.operation)] = event.time
                open += 1
            case .completed, .failed, .cancelled:
                let start = starts[Int(event.operation)]
                guard start != none else { continue }
                sum += Double(event.time - start) / 1e9
                starts[Int(event.operation)] = none
                count += 1
                open -= 1
            default: break
            }
        }
        return (sum, count, open == 0)
    }
}

extension Scenario {
    /// Whether the same is offered and done from the first measured phase to the last.
    var isSteady: Bool {
        guard load.bursts.isEmpty, timeline.isEmpty, faults.allSatisfy({ $0.active == .always }) else { return false }
        guard load.isOpen else { return true }
        let rates = load.phases.filter(\.measure).filter { !$0.isDraining }.map(\.constantRate)
        return !rates.contains(nil) && Set(rates).count <= 1
    }
}

extension TargetSpec {
    /// The names of scripted errors after which the target does not try an operation again.
    fileprivate var permanentErrors: Set<String> {
        guard case .object(let options) = options, case .array(let names)? = options["permanentErrors"] else {
            return ["permanent"]
        }
        return Set(names.compactMap { if case .string(let name) = $0 { name } else { nil } })
    }
}

extension Scenario {
    /// Whether its figures are meant to be held against others.
    var comparesFigures: Bool { regression != nil || runs.processes != nil }
}

extension Phase {
    /// The rate that holds throughout the phase; `nil` where it changes.
    var constantRate: Double? {
        guard case .constant(let rate) = rate, !isDraining else { return nil }
        return rate
    }
}
