internal import DequeModule
internal import EphemeralTime

/// The timeline of a scenario as single steps in the order of their times.
struct Agenda {
    /// One thing to do; times in nanoseconds from the start of the run.
    struct Step: Equatable {
        var time: Int64
        /// The event's place in the scenario's timeline.
        var event: Int
        /// Which repetition of the event, from 0.
        var occurrence: Int
        /// Whether the event's duration is over.
        var isEnd: Bool
    }

    private var steps: Deque<Step>

    init(_ timeline: [TimelineEvent]) {
        var all: [Step] = []
        for (number, event) in timeline.enumerated() {
            let distance = event.every?.clampedNanoseconds ?? 0
            for occurrence in 0..<max(1, event.times) {
                let begin = event.at.clampedNanoseconds + Int64(occurrence) * distance
                all.append(Step(time: begin, event: number, occurrence: occurrence, isEnd: false))
                if let duration = event.duration {
                    let end = begin + duration.clampedNanoseconds
                    all.append(Step(time: end, event: number, occurrence: occurrence, isEnd: true))
                }
            }
        }
        steps = Deque(all.sorted { ($0.time, $0.event) < ($1.time, $1.event) })
    }

    /// The time of the next step.
    var next: Int64? { steps.first?.time }

    /// Takes the next step that is due.
    mutating func popDue(at now: Int64) -> Step? {
        guard let first = steps.first, first.time <= now else { return nil }
        return steps.removeFirst()
    }
}
