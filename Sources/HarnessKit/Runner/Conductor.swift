internal import CHarnessSystem
internal import EphemeralTime
internal import Foundation

/// Conducts a run from a thread of its own: hands over arrivals, plays the timeline and moves from phase to phase.
///
/// A thread outside the pool keeps its times whatever the target does to the pool. It blocks nobody and waits for
/// nobody: a submission that would suspend goes on in a task.
struct Conductor: Sendable {
    let plan: Plan
    let control: LoadControl
    let signals: RunSignals
    let submitter: ArrivalSubmitter?
    let timeline: TimelinePlayer
    let onPhase: @Sendable (Int) -> Void

    /// What the conductor knows when the load has ended.
    struct Report: Sendable {
        var passages: [PhaseProgression.Passage] = []
        /// One reading at the start and one at each phase's end.
        var costs: [CostSnapshot] = []
        var marks: [EventMark] = []
        var notes: [String] = []
        var lateness: LatenessRecord?
        var stopReason: RunSignals.StopReason?
    }

    /// Conducts the run on a thread of its own and returns when the load has ended.
    func run() async -> Report {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: conduct()) }
            thread.name = "harness-conductor"
            thread.qualityOfService = .userInteractive
            thread.start()
        }
    }

    /// Time between the decision to start and the start, for the thread to be ready.
    private static let lead: Int64 = 1_000_000
    /// Arrivals handed over between two looks at timeline and phases.
    private static let batch = 512

    private func conduct() -> Report {
        harness_minimise_timer_slack()
        let recorder = control.recorder
        var report = Report()
        var progression = PhaseProgression(phases: phases)
        var arrivals = submitter?.begin()
        var agenda = timeline.begin()
        let origin = clockNanoseconds() + Self.lead
        recorder.begin(at: origin)
        signals.parker.wait(until: origin)
        report.costs.append(.read(time: 0, tally: recorder.counters.tally))
        if progression.current != nil { enter(0) }
        while progression.current != nil || arrivals?.isFinished == false {
            let now = recorder.now
            report.stopReason = signals.stopReason
            guard report.stopReason == nil else { break }
            timeline.perform(&agenda, at: now)
            arrivals?.submitDue(at: now, limit: Self.batch)
            let passed = progression.passages.count
            let entered = progression.advance(to: now, reached: signals.isEmptied && control.gate.isEmpty)
            for phase in entered { enter(phase) }
            if progression.passages.count > passed {
                let reading = CostSnapshot.read(time: now, tally: recorder.counters.tally)
                report.costs += Array(repeating: reading, count: progression.passages.count - passed)
            }
            let wakes = [progression.deadline, arrivals?.nextWake(after: now), agenda.next].compactMap(\.self)
            if let wake = wakes.min() { signals.parker.wait(until: origin + wake) }
        }
        if progression.current != nil {
            let now = recorder.now
            progression.interrupt(at: now)
            report.costs.append(.read(time: now, tally: recorder.counters.tally))
        }
        control.finish()
        report.passages = progression.passages
        report.marks = agenda.marks
        report.notes = agenda.notes
        report.lateness = arrivals?.lateness
        return report
    }

    /// The phases; under open load one that drains before the last arrivals takes its whole limit, as the plan says.
    private var phases: [Phase] {
        let phases = plan.scenario.load.phases
        guard plan.scenario.load.isOpen else { return phases }
        return phases.enumerated().map { number, phase in
            guard case .empty(let limit) = phase.end, number + 1 < phases.count else { return phase }
            var fixed = phase
            fixed.end = .after(limit)
            return fixed
        }
    }

    private func enter(_ number: Int) {
        onPhase(number)
        control.gate.disarm()
        signals.expectEmpty()
        switch phases[number].end {
        case .after:
            control.enter(number, offering: true, operations: nil)
        case .operations(let count, _):
            control.enter(number, offering: true, operations: count)
        case .empty:
            control.enter(number, offering: false, operations: nil)
            control.gate.arm()
        }
    }
}
