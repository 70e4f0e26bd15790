internal import CHarnessSystem
internal import EphemeralTime
internal import Foundation

/// Conducts a run: hands over arrivals, plays the timeline and moves from phase to phase.
///
/// On the machine's clock it does so from a thread outside the pool, which keeps its times whatever the target does to the
/// pool. It blocks nobody and waits for nobody: a submission that would suspend goes on in a task.
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

    /// Conducts the run and returns when the load has ended: on a thread of its own, or in virtual time.
    func run() async -> Report {
        switch signals.bed {
        case .machine(let parker):
            await withCheckedContinuation { continuation in
                let thread = Thread {
                    harness_minimise_timer_slack()
                    var course = Course(self, isExact: false)
                    parker.wait(until: course.origin)
                    while let wake = course.advance() { parker.wait(until: wake) }
                    continuation.resume(returning: course.end())
                }
                thread.name = "harness-conductor"
                thread.qualityOfService = .userInteractive
                thread.start()
            }
        case .virtual(let parker):
            await conduct(parker)
        }
    }

    private func conduct(_ parker: VirtualParker) async -> Report {
        var course = Course(self, isExact: true)
        await parker.wait(until: course.origin)
        while let wake = course.advance() { await parker.wait(until: wake) }
        return course.end()
    }

    /// The phases; under open load one that drains before the last arrivals takes its whole limit, as the plan says.
    fileprivate var phases: [Phase] {
        let phases = plan.scenario.load.phases
        guard plan.scenario.load.isOpen else { return phases }
        return phases.enumerated().map { number, phase in
            guard case .empty(let limit) = phase.end, number + 1 < phases.count else { return phase }
            var fixed = phase
            fixed.end = .after(limit)
            return fixed
        }
    }

    fileprivate func enter(_ number: Int) {
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

    /// A load that is being conducted: what to do next, and when.
    private struct Course {
        private let conductor: Conductor
        private let recorder: RunRecorder
        /// The start of the run, on the time line of its clock.
        let origin: Int64
        private var report = Report()
        private var progression: PhaseProgression
        private var arrivals: Arrivals?
        private var agenda: TimelinePlayer.Playing
        private var hasStarted = false

        /// Time between the decision to start and the start, for the thread to be ready.
        private static let lead: Int64 = 1_000_000
        /// Arrivals handed over between two looks at timeline and phases.
        private static let batch = 512

        /// Prepares to start.
        ///
        /// - Parameters:
        ///   - conductor: What is conducted.
        ///   - isExact: Whether arrivals are handed over one time at a time, however close they are.
        init(_ conductor: Conductor, isExact: Bool) {
            self.conductor = conductor
            recorder = conductor.control.recorder
            progression = PhaseProgression(phases: conductor.phases)
            arrivals = conductor.submitter?.begin(isExact: isExact)
            agenda = conductor.timeline.begin()
            origin = recorder.clock.now + Self.lead
            recorder.begin(at: origin)
        }

        /// Does what is due.
        ///
        /// - Returns: When to look again, on the time line of the run's clock; `nil` when the load has ended.
        mutating func advance() -> Int64? {
            if !hasStarted { start() }
            while progression.current != nil || arrivals?.isFinished == false {
                let now = recorder.now
                report.stopReason = conductor.signals.stopReason
                guard report.stopReason == nil else { return nil }
                conductor.timeline.perform(&agenda, at: now)
                arrivals?.submitDue(at: now, limit: Self.batch)
                passPhases(at: now)
                let wakes = [progression.deadline, arrivals?.nextWake(after: now), agenda.next].compactMap(\.self)
                if let wake = wakes.min() { return origin + wake }
            }
            return nil
        }

        private mutating func start() {
            hasStarted = true
            report.costs.append(recorder.readCost(at: 0))
            if progression.current != nil { conductor.enter(0) }
        }

        private mutating func passPhases(at now: Int64) {
            let passed = progression.passages.count
            let isReached = conductor.signals.isEmptied && conductor.control.gate.isEmpty
            for phase in progression.advance(to: now, reached: isReached) { conductor.enter(phase) }
            guard progression.passages.count > passed else { return }
            var reading = recorder.readCost(at: now)
            report.costs.append(reading)
            // The peak is of the first: those behind it took no time.
            reading.peakResident = nil
            report.costs += Array(repeating: reading, count: progression.passages.count - passed - 1)
        }

        /// Ends the load.
        mutating func end() -> Report {
            if progression.current != nil {
                let now = recorder.now
                progression.interrupt(at: now)
                report.costs.append(recorder.readCost(at: now))
            }
            conductor.control.finish()
            report.passages = progression.passages
            report.marks = agenda.marks
            report.notes = agenda.notes
            report.lateness = arrivals?.lateness
            return report
        }
    }
}
