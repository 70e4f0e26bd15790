import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct RunOrderTests {
    @Test
    func sequentialOrderTakesTargetByTarget() {
        var settings = RunSettings()
        settings.repetitions = 2
        settings.order = .sequential
        let turns = RunOrder.turns(targets: 2, settings: settings, seed: 1)
        #expect(turns.map(\.target) == [0, 0, 1, 1])
        #expect(turns.map(\.repetition) == [0, 1, 0, 1])
    }

    @Test
    func interleavedOrderTakesEveryTargetOncePerRepetition() {
        var settings = RunSettings()
        settings.repetitions = 20
        let turns = RunOrder.turns(targets: 4, settings: settings, seed: 1)
        #expect(Set(turns).count == 80)
        #expect(turns.map(\.repetition) == (0..<20).flatMap { Array(repeating: $0, count: 4) })
        let firsts = Set(stride(from: 0, to: 80, by: 4).map { turns[$0].target })
        #expect(firsts == [0, 1, 2, 3], "every target comes first in some repetition")
    }

    @Test(arguments: [nil, 3])
    func aDoubledTargetTakesTwoPlacesOfEveryRound(processes: Int?) {
        var settings = RunSettings()
        settings.repetitions = 2
        settings.processes = processes
        let rounds = processes ?? 2
        let turns = RunOrder.turns(targets: 3, settings: settings, seed: 1, doubled: 1)
        #expect(Set(turns).count == turns.count)
        for (target, share) in [(0, 1), (1, 2), (2, 1)] {
            let own = turns.filter { $0.target == target }
            #expect(own.map(\.repetition).sorted() == Array(0..<(settings.totalRepetitions * share)))
            #expect(Set(own.map(\.process)).count == (processes == nil ? 1 : rounds * share))
        }
        let perRound = turns.count / rounds
        #expect(turns.indices.allSatisfy { settings.round(of: turns[$0].repetition) == $0 / perRound })
    }

    @Test
    func orderFollowsTheSeed() {
        var settings = RunSettings()
        settings.repetitions = 10
        let first = RunOrder.turns(targets: 4, settings: settings, seed: 1)
        #expect(first == RunOrder.turns(targets: 4, settings: settings, seed: 1))
        #expect(first != RunOrder.turns(targets: 4, settings: settings, seed: 2))
    }

    @Test
    func singleRepetitionKeepsTheOrderOfTheScenario() {
        let turns = RunOrder.turns(targets: 5, settings: RunSettings(), seed: 9)
        #expect(turns.map(\.target) == [0, 1, 2, 3, 4])
    }
}
