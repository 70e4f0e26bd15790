internal import EphemeralTime

/// The fault rules of a scenario, ready to be asked about one attempt.
struct FaultScript: Sendable {
    /// Names of scripted errors, in the order in which rules first name them.
    let errorNames: [String]
    private let rules: [Rule]

    private struct Rule: Sendable {
        var perAttempt: Bool
        /// The only part of the target that is hit.
        var part: Int?
        /// An attempt is hit when the upper 53 bits of its word are below this.
        var threshold: UInt64
        var active: Range<Int64>
        var hits: CounterRandom
        var effect: Effect

        /// Whether it hits what a part does; a target without parts, which are counted from 1, is all one part, the first.
        func hits(part number: Int) -> Bool { part.map { $0 == max(1, number) } ?? true }
    }

    private enum Effect: Sendable {
        case error(Int)
        case delay(DurationSampler, CounterRandom)
        case plugin(PluginFault, error: Int, CounterRandom)
    }

    init(_ faults: [FaultRule], phases: [PlannedPhase], seed: UInt64) throws(PlanError) {
        var names: [String] = []
        var rules: [Rule] = []
        func number(of name: String) -> Int {
            if let known = names.firstIndex(of: name) { return known }
            names.append(name)
            return names.count - 1
        }
        for fault in faults {
            let effect: Effect
            switch fault.effect {
            case .error(let name): effect = .error(number(of: name))
            case .delay(let distribution):
                let stream = CounterRandom(seed: seed, stream: "fault.\(fault.id).delay")
                effect = .delay(DurationSampler(distribution), stream)
            case .plugin(let plugin):
                let stream = CounterRandom(seed: seed, stream: "fault.\(fault.id).plugin")
                effect = .plugin(plugin, error: number(of: plugin.errorName), stream)
            }
            guard fault.rate >= 0, fault.rate <= 1 else {
                throw PlanError(message: "fault '\(fault.id)' has the rate \(fault.rate); give a share from 0% to 100%")
            }
            let rule = Rule(
                perAttempt: fault.scope == .attempt,
                part: fault.part,
                threshold: UInt64((fault.rate * 0x1p53).rounded()),
                active: try Self.window(of: fault, in: phases),
                hits: CounterRandom(seed: seed, stream: "fault.\(fault.id)"),
                effect: effect
            )
            if rule.threshold > 0, !rule.active.isEmpty { rules.append(rule) }
        }
        errorNames = names
        self.rules = rules
    }

    /// The stretch of the run from the beginning of the first rule that is not always active to the end of the last.
    var disturbance: Range<Int64>? {
        let windows = rules.map(\.active).filter { $0 != Self.always }
        guard let start = windows.map(\.lowerBound).min(), let end = windows.map(\.upperBound).max() else { return nil }
        return start..<end
    }

    private static let always: Range<Int64> = .min..<(.max)

    /// Whether no rule can hit anything.
    var isEmpty: Bool { rules.isEmpty }

    /// Adds what the rules do to an attempt: all delays add up; of several errors, the first rule's counts.
    ///
    /// Only plugins ask for the operation.
    func apply(
        to script: inout AttemptScript,
        index: Int,
        attempt: Int,
        part: Int,
        intendedStart: Int64,
        operation: @autoclosure () -> Operation
    ) {
        for rule in rules where rule.active.contains(intendedStart) && rule.hits(part: part) {
            // Attempt 0 does not exist, which leaves word 0 for draws that hold for the whole operation.
            let draw = rule.perAttempt ? attempt : 0
            guard rule.hits.word(index, part: draw) >> 11 < rule.threshold else { continue }
            switch rule.effect {
            case .error(let error):
                if script.error == nil { script.error = error }
            case .delay(let sampler, let stream):
                script.work += sampler.sample(stream.word(index, part: draw))
            case .plugin(let plugin, let error, let stream):
                let effect = plugin.effect(
                    on: FaultHit(
                        operation: operation(),
                        attempt: attempt,
                        intendedStart: .nanoseconds(intendedStart),
                        word: stream.word(index, part: draw)
                    )
                )
                // Ten years are more than any run, and few enough to add up.
                script.work += min(max(0, effect.delay.clampedNanoseconds), 315_576_000_000_000_000)
                if effect.fails, script.error == nil { script.error = error }
            }
        }
    }

    private static func window(of fault: FaultRule, in phases: [PlannedPhase]) throws(PlanError) -> Range<Int64> {
        switch fault.active {
        case .always:
            return always
        case .between(let from, let to):
            let (from, to) = (from.clampedNanoseconds, to.clampedNanoseconds)
            return from..<max(from, to)
        case .phase(let name):
            guard let index = phases.firstIndex(where: { $0.phase.name == name }) else {
                throw PlanError(
                    message: "fault '\(fault.id)' is active during '\(name)', which is no phase of the load; "
                        + "name one of \(phases.map { "'\($0.phase.name)'" }.joined(separator: ", "))"
                )
            }
            return try span(of: index, in: phases, fault: fault)
        }
    }

    /// A phase's place, if it is known before the run or nothing else is offered in the time in question.
    private static func span(
        of index: Int,
        in phases: [PlannedPhase],
        fault: FaultRule
    ) throws(PlanError) -> Range<Int64> {
        let planned = phases[index]
        let latestStart = index > 0 ? phases[index - 1].latestEnd : 0
        let next = phases.indices.contains(index + 1) ? phases[index + 1].start : planned.latestEnd
        let endsAsPlanned = next == planned.latestEnd || phases[(index + 1)...].allSatisfy(\.phase.isDraining)
        guard planned.start == latestStart, endsAsPlanned else {
            throw PlanError(
                message: "fault '\(fault.id)' is active during '\(planned.phase.name)', whose times are not known "
                    + "before the run; give it times ('from' and 'to'), or end the phases up to it after a fixed time"
            )
        }
        return planned.start..<max(planned.start, planned.latestEnd)
    }
}
