#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The share of operations that scripted errors leave successful, and expectations that chance alone would miss.
struct FailureNotes {
    let scenario: Scenario
    let phases: [PlannedPhase]
    let expected: ExpectedLoad

    /// The expected share of successes with its standard error over the operations in question.
    struct Success {
        var operations: Double
        var share: Double
        var standardError: Double
    }

    var notes: [String] {
        // Whether a plugin's attempts fail, the plugin alone knows, and which part makes an attempt shows in the run.
        guard scenario.load.isOpen, scenario.faults.contains(where: \.throwsError),
            !scenario.faults.contains(where: { $0.isPlugin || $0.part != nil })
        else { return [] }
        return scenario.targets.flatMap { target -> [String] in
            guard let attempts = target.maxAttempts else { return [] }
            let measured = phases.filter { $0.phase.measure && !$0.phase.isDraining }
            return measured.compactMap { note(on: $0, target: target, attempts: attempts) }
                + scenario.expectations.compactMap {
                    warning($0, target: target, measured: measured, attempts: attempts)
                }
        }
    }

    private func note(on phase: PlannedPhase, target: TargetSpec, attempts: Int) -> String? {
        guard let success = success(in: [phase], attempts: attempts), success.share < 1 else { return nil }
        return "target '\(target.id)': phase '\(phase.phase.name)' is expected to succeed in "
            + "\(precise(success.share)), standard error \(points(success.standardError)) over "
            + "\(NoteText.fixed(success.operations, digits: 0)) operations"
            + (attempts > 1 ? ", with up to \(attempts) attempts each" : "")
    }

    private func warning(
        _ expectation: Expectation,
        target: TargetSpec,
        measured: [PlannedPhase],
        attempts: Int
    ) -> String? {
        guard expectation.metric == .named("success.ratio"), expectation.window == nil, expectation.versus == nil,
            Glob(expectation.target).matches(target.id)
        else { return nil }
        let scope = expectation.phase.map { name in phases.filter { $0.phase.name == name } } ?? measured
        guard let success = success(in: scope, attempts: attempts), success.standardError > 0 else { return nil }
        let distance =
            expectation.condition.limits.map { abs($0 - success.share) / success.standardError }.min() ?? .infinity
        if distance >= 2, !expectation.condition.holds(for: success.share) {
            return
                "warning: '\(expectation.text)' will be missed by '\(target.id)': the expected value is \(precise(success.share))"
        }
        guard distance < 2 else { return nil }
        let chance = 0.5 * erfc(distance / 2.0.squareRoot())
        return
            "warning: '\(expectation.text)' lies \(NoteText.fixed(distance, digits: 1)) standard errors from the expected "
            + "\(precise(success.share)) of '\(target.id)': chance alone decides it for about \(NoteText.percent(chance)) of all seeds"
    }

    /// Splits the phases where the set of active rules changes, and adds the parts up.
    private func success(in scope: [PlannedPhase], attempts: Int) -> Success? {
        var operations = 0.0
        var successes = 0.0
        var variance = 0.0
        for phase in scope {
            let (start, end) = (Double(phase.start) / 1e9, Double(phase.latestEnd) / 1e9)
            let cuts = scenario.faults.flatMap(\.bounds).filter { $0 > start && $0 < end }
            let times = ([start, end] + cuts).sorted()
            for (from, to) in zip(times, times.dropFirst()) {
                let count = expected.arrivals(from: from, to: to)
                let share = successShare(phase: phase.phase.name, at: (from + to) / 2, attempts: attempts)
                operations += count
                successes += count * share
                variance += count * share * (1 - share)
            }
        }
        guard operations > 0 else { return nil }
        return Success(
            operations: operations,
            share: successes / operations,
            standardError: variance.squareRoot() / operations
        )
    }

    /// Errors of the operation hit every attempt; those of attempts must hit all of them.
    private func successShare(phase: String, at time: Double, attempts: Int) -> Double {
        var operationSucceeds = 1.0
        var attemptSucceeds = 1.0
        for fault in scenario.faults where fault.throwsError && fault.isActive(phase: phase, at: time) {
            switch fault.scope {
            case .operation: operationSucceeds *= 1 - fault.rate
            case .attempt: attemptSucceeds *= 1 - fault.rate
            }
        }
        return operationSucceeds * (1 - pow(1 - attemptSucceeds, Double(attempts)))
    }

    private func precise(_ share: Double) -> String { "\(NoteText.fixed(share * 100, digits: 2)) %" }
    private func points(_ share: Double) -> String { "\(NoteText.fixed(share * 100, digits: 2)) points" }
}

extension FaultRule {
    fileprivate var isPlugin: Bool {
        if case .plugin = effect { true } else { false }
    }

    fileprivate var throwsError: Bool {
        if case .error = effect { true } else { false }
    }

    /// The times at which the rule becomes active or ceases to be, in seconds.
    fileprivate var bounds: [Double] {
        if case .between(let from, let to) = active { [from.inSeconds, to.inSeconds] } else { [] }
    }

    fileprivate func isActive(phase: String, at time: Double) -> Bool {
        switch active {
        case .always: true
        case .phase(let name): name == phase
        case .between(let from, let to): time >= from.inSeconds && time < to.inSeconds
        }
    }
}

extension Expectation.Condition {
    /// The values at which the answer changes.
    fileprivate var limits: [Double] {
        switch self {
        case .compare(_, let limit): [limit]
        case .within(let range): [range.lowerBound, range.upperBound]
        }
    }
}
