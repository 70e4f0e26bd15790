internal import EphemeralTime

/// What the limits of the targets mean for the load: capacity, utilisation, time to clear a burst.
struct CapacityNotes {
    let scenario: Scenario
    let phases: [PlannedPhase]
    let expected: ExpectedLoad

    var notes: [String] {
        guard meanWork > 0 else { return [] }
        return scenario.targets.flatMap { target -> [String] in
            guard let limit = target.option("maxConcurrency"), limit > 0 else { return [] }
            let capacity = Double(limit) / meanWork
            var notes = [
                "target '\(target.id)': capacity \(limit) / \(NoteText.time(meanWork)) = \(NoteText.number(capacity))/s"
            ]
            if let search = scenario.load.search { return notes + search.notes(of: target, capacity: capacity) }
            guard scenario.load.isOpen else { return notes }
            notes += utilisation(of: target, capacity: capacity)
            notes += scenario.load.bursts.map { "target '\(target.id)': \(clearing($0, capacity: capacity))" }
            return notes
        }
    }

    /// Seconds of work per attempt, delays of faults included that are active throughout.
    private var meanWork: Double {
        guard scenario.work.kind != .none else { return 0 }
        return scenario.faults.reduce(scenario.work.time.meanSeconds) { sum, fault in
            guard case .delay(let distribution) = fault.effect, fault.active == .always else { return sum }
            return sum + fault.rate * distribution.meanSeconds
        }
    }

    private func utilisation(of target: TargetSpec, capacity: Double) -> [String] {
        let perKey = target.option("maxConcurrencyPerKey") ?? target.option("perKeyConcurrency")
        return phases.filter { $0.phase.measure && !$0.phase.isDraining }.compactMap { planned in
            let seconds = Double(planned.latestEnd - planned.start) / 1e9
            guard seconds > 0 else { return nil }
            let rate =
                expected.ofPhases(from: Double(planned.start) / 1e9, to: Double(planned.latestEnd) / 1e9) / seconds
            guard rate > 0 else { return nil }
            let load = rate / capacity
            var note =
                "target '\(target.id)': phase '\(planned.phase.name)' offers \(NoteText.number(rate))/s on average, "
            note +=
                load >= 1
                ? "\(NoteText.percent(load)) of the capacity: the queue grows by \(NoteText.number(rate - capacity))/s"
                : "\(NoteText.percent(load)) of the capacity"
            if let perKey, perKey > 0, let share = scenario.load.keys.hottestShare {
                let busy = rate * share * meanWork / Double(perKey)
                note += "; its hottest key is \(NoteText.percent(busy)) busy\(busy >= 1 ? " and its queue grows" : "")"
            }
            return note
        }
    }

    private func clearing(_ burst: Burst, capacity: Double) -> String {
        let begin = burst.at.inSeconds
        let length = burst.over.inSeconds
        let base = baseRate(at: begin)
        guard capacity > base else { return "burst '\(burst.id)' never clears: the phase alone exceeds the capacity" }
        let time = Double(burst.count) / (capacity - base)
        guard time > length else { return "burst '\(burst.id)' stays below the capacity" }
        return
            "burst '\(burst.id)' takes about \(NoteText.time(time)) to clear, at \(NoteText.number(capacity - base))/s "
            + "above the \(NoteText.number(base))/s of its phase"
    }

    /// The rate of the phases around a time, over a tenth of a second.
    private func baseRate(at time: Double) -> Double {
        expected.ofPhases(from: time, to: time + 0.1) / 0.1
    }
}

extension TargetSpec {
    /// A whole number among the target's options.
    func option(_ name: String) -> Int? {
        guard case .object(let options) = options, case .integer(let value) = options[name] else { return nil }
        return Int(exactly: value)
    }
}
