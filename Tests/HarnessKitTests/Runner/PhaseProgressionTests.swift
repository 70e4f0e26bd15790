import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct PhaseProgressionTests {
    private let phases = [
        Phase(name: "warm", end: .operations(10, limit: .nanoseconds(100))),
        Phase(name: "main", end: .after(.nanoseconds(50))),
        Phase(name: "drain", end: .empty(limit: .nanoseconds(30))),
    ]

    @Test
    func phaseOfAFixedTimeEndsOnTimeHoweverLateTheThreadIs() {
        var progression = PhaseProgression(phases: [phases[1], phases[1], phases[2]])
        #expect(progression.deadline == 50)
        #expect(progression.advance(to: 49, reached: false) == [])
        #expect(progression.advance(to: 120, reached: false) == [1, 2])
        #expect(progression.passages.map(\.end) == [50, 100])
        #expect(progression.deadline == 130)
    }

    @Test
    func waitingPhaseEndsWhenItsEventHappens() {
        var progression = PhaseProgression(phases: phases)
        #expect(progression.advance(to: 20, reached: true) == [1])
        #expect(progression.passages == [.init(phase: 0, start: 0, end: 20, ending: .reached)])
        #expect(progression.deadline == 70)
    }

    @Test
    func oneEventEndsOnePhase() {
        var progression = PhaseProgression(phases: [phases[0], phases[0]])
        #expect(progression.advance(to: 20, reached: true) == [1])
        #expect(progression.current == 1)
    }

    @Test
    func waitingPhaseEndsAtItsLimit() {
        var progression = PhaseProgression(phases: phases)
        #expect(progression.advance(to: 400, reached: false) == [1, 2])
        #expect(progression.passages.map(\.ending) == [.limit, .time, .limit])
        #expect(progression.passages.map(\.end) == [100, 150, 180])
        #expect(progression.current == nil)
        #expect(progression.deadline == nil)
    }

    @Test
    func interruptionEndsTheRunInItsPhase() {
        var progression = PhaseProgression(phases: phases)
        progression.interrupt(at: 7)
        #expect(progression.passages == [.init(phase: 0, start: 0, end: 7, ending: .interrupted)])
        #expect(progression.current == nil)
        #expect(progression.advance(to: 500, reached: true) == [])
    }
}
