/// Plays the timeline of a scenario on a target.
struct TimelinePlayer: Sendable {
    let scenario: Scenario
    let instance: any TargetInstance
    let signals: (any SignalPort)?
    let controls: Set<TargetCapabilities.Control>
    /// Called before a signal is raised.
    let onRaise: @Sendable (_ signal: String) -> Void
    /// Starts to drain the target, and does not wait for it.
    let drain: @Sendable () -> Void
    let now: @Sendable () -> Int64

    /// A timeline that is being played; belongs to the conducting thread.
    struct Playing {
        fileprivate var agenda: Agenda
        fileprivate var open: [Occurrence: Int] = [:]
        var marks: [EventMark]
        var notes: [String] = []

        /// When the next thing happens.
        var next: Int64? { agenda.next }
    }

    fileprivate struct Occurrence: Hashable {
        var event: Int
        var number: Int
    }

    /// Starts playing; bursts are marked where the plan has put them.
    func begin() -> Playing {
        let bursts = scenario.load.bursts.map { burst in
            EventMark(
                id: burst.id,
                kind: "burst",
                label: "\(burst.count) operations",
                at: burst.at / .seconds(1),
                end: (burst.at + burst.over) / .seconds(1)
            )
        }
        return Playing(agenda: Agenda(scenario.timeline), marks: bursts)
    }

    /// Does everything that is due.
    func perform(_ playing: inout Playing, at time: Int64) {
        while let step = playing.agenda.popDue(at: time) {
            let event = scenario.timeline[step.event]
            let occurrence = Occurrence(event: step.event, number: step.occurrence)
            // Before the deed: what it sets off is counted from here.
            let happened = Double(now()) / 1e9
            let problem = step.isEnd ? end(event) : begin(event)
            if step.isEnd {
                if let mark = playing.open.removeValue(forKey: occurrence) { playing.marks[mark].end = happened }
            } else {
                if event.duration != nil { playing.open[occurrence] = playing.marks.count }
                let (kind, label) = Self.description(of: event.action)
                playing.marks.append(EventMark(id: event.id, kind: kind, label: label, at: happened))
            }
            if let problem, !playing.notes.contains(problem) { playing.notes.append(problem) }
        }
    }

    /// Does what an event does, and returns why it could not.
    private func begin(_ event: TimelineEvent) -> String? {
        switch event.action {
        // The plan knows what the timeline does to the work: here it is only marked.
        case .mark, .setWorkTime, .stall:
            return nil
        case .raise(let name):
            guard let signals else { return unheard(event) }
            onRaise(name)
            signals.raise(name)
            return nil
        case .retract(let pattern):
            guard let signals else { return unheard(event) }
            signals.retract(pattern)
            return nil
        case .cancel: return apply(.cancel, of: event)
        case .drain:
            guard controls.contains(.drain) else { return unable(event, .drain) }
            drain()
            return nil
        case .pause: return apply(.pause, of: event)
        case .setMaxConcurrency(let limit): return apply(.setMaxConcurrency(limit), of: event)
        case .fault(let fault): return begin(fault, of: event)
        }
    }

    private func begin(_ fault: TargetFault, of event: TimelineEvent) -> String? {
        guard let instance = instance as? any FaultyInstance else {
            return "timeline event '\(event.id)' had no effect: nothing can be made to go wrong in the target"
        }
        return attempt(event) { try instance.begin(fault) }
    }

    private func attempt(_ event: TimelineEvent, _ deed: () throws -> Void) -> String? {
        do {
            try deed()
            return nil
        } catch {
            return "timeline event '\(event.id)' failed: \(error)"
        }
    }

    private func end(_ event: TimelineEvent) -> String? {
        switch event.action {
        case .raise(let name):
            signals?.retract(name)
            return nil
        case .pause:
            return apply(.resume, of: event)
        case .fault(let fault):
            (instance as? any FaultyInstance)?.end(fault)
            return nil
        case .mark, .retract, .cancel, .drain, .setMaxConcurrency, .setWorkTime, .stall:
            return nil
        }
    }

    private func apply(_ action: ControlAction, of event: TimelineEvent) -> String? {
        guard controls.contains(action.control) else { return unable(event, action.control) }
        return attempt(event) { try instance.apply(action) }
    }

    private func unable(_ event: TimelineEvent, _ control: TargetCapabilities.Control) -> String {
        "timeline event '\(event.id)' had no effect: the target does not understand '\(control.rawValue)'"
    }

    private func unheard(_ event: TimelineEvent) -> String {
        "timeline event '\(event.id)' had no effect: the target has no signals"
    }

    private static func description(of action: TimelineEvent.Action) -> (kind: String, label: String) {
        switch action {
        case .raise(let name): ("signal", name)
        case .retract(let pattern): ("retract", pattern)
        case .mark(let label): ("mark", label)
        case .cancel: ("control", "cancel")
        case .drain: ("control", "drain")
        case .pause: ("control", "pause")
        case .setMaxConcurrency(let limit): ("control", "maxConcurrency = \(limit)")
        case .fault(let fault): ("fault", "\(fault)")
        case .setWorkTime(let time): ("set", "work.time = \(time.words)")
        case .stall: ("fault", "stall of workers")
        }
    }
}

extension DurationDistribution {
    /// The distribution in a few words.
    fileprivate var words: String {
        switch self {
        case .constant(let value): value.text
        case .uniform(let min, let max): "\(min.text) to \(max.text)"
        case .exponential(let mean): "\(mean.text) on average"
        case .lognormal(let median, let p99): "\(median.text), 99% below \(p99.text)"
        }
    }
}

extension ControlAction {
    /// The control that the action belongs to.
    fileprivate var control: TargetCapabilities.Control {
        switch self {
        case .cancel: .cancel
        case .pause, .resume: .pause
        case .setMaxConcurrency: .setMaxConcurrency
        }
    }
}
