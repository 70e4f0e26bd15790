import Foundation
import Testing

@testable import HarnessKit

/// Whole comparisons of builds whose difference is known, with processes that differ from one another by chance.
///
/// There are thousands of them: a busy machine takes its time.
@Suite(.timeLimit(.minutes(5)))
struct GateSimulationTests {
    /// By how much the logarithms of ratios scatter.
    struct Scatter: Sendable {
        /// From process to process.
        var processes: Double
        /// From pair to pair within one.
        var pairs: Double

        static let calm = Scatter(processes: 0.01, pairs: 0.03)
        static let moody = Scatter(processes: 0.02, pairs: 0.01)
    }

    /// Builds whose cost differs by `change`.
    private struct Machine {
        let random: CounterRandom
        let change: Double
        let scatter: Scatter

        init(seed: Int, change: Double, scatter: Scatter) {
            random = CounterRandom(seed: UInt64(seed), stream: "gate-simulation")
            self.change = change
            self.scatter = scatter
        }

        func process(_ number: Int) -> [ValuePair] {
            let level = log(1 + change) + scatter.processes * normal(number, 0)
            return (1...10).map { ValuePair(base: 1, head: exp(level + scatter.pairs * normal(number, $0))) }
        }

        /// Box and Muller's transformation of two uniform numbers.
        private func normal(_ process: Int, _ part: Int) -> Double {
            let first = 1 - random.word(process, part: 2 * part).unitInterval
            let second = random.word(process, part: 2 * part + 1).unitInterval
            return (-2 * log(first)).squareRoot() * cos(2 * .pi * second)
        }
    }

    private struct Outcome {
        var verdict = RegressionRow.Verdict.inconclusive
        /// Whether the interval of any look missed the truth.
        var isMissed = false
    }

    private static let margin = 0.03
    private static let schedule = GateSchedule()

    /// Looks at growing numbers of processes until one decides, and confirms a regression in fresh processes.
    private func gate(seed: Int, change: Double, scatter: Scatter) -> Outcome {
        let machine = Machine(seed: seed, change: change, scatter: scatter)
        let test = PairedTest(margin: Self.margin, better: .lower)
        let groups = (0..<(Self.schedule.looks.last ?? 0)).map(machine.process)
        var outcome = Outcome()
        for look in Self.schedule.looks {
            guard let judged = test.judge(Array(groups.prefix(look)), confidence: Self.schedule.confidence),
                let interval = judged.interval
            else { continue }
            if !interval.contains(1 + change) { outcome.isMissed = true }
            if outcome.verdict == .inconclusive { outcome.verdict = judged.verdict }
        }
        if outcome.verdict == .regressed {
            let again = (0..<Self.schedule.confirmation).map { machine.process(1000 + $0) }
            if !test.confirms(again) { outcome.verdict = .inconclusive }
        }
        return outcome
    }

    private func share(
        of gates: Int,
        change: Double,
        scatter: Scatter = .calm,
        _ holds: (Outcome) -> Bool
    ) -> Double {
        Double((0..<gates).count { holds(gate(seed: $0, change: change, scatter: scatter)) }) / Double(gates)
    }

    // Five looks of 99 % each are wrong in at most 5 % together, and less because they share their processes.
    @Test(arguments: [Scatter.calm, .moody])
    func allLooksTogetherMissTheTruthInAtMostFivePercent(scatter: Scatter) {
        let missed = share(of: 2000, change: Self.margin, scatter: scatter) { $0.isMissed }
        #expect((0.02...0.05).contains(missed), "\(missed)")
    }

    @Test(arguments: [Scatter.calm, .moody])
    func aChangeOfExactlyTheMarginRaisesAnAlarmInAtMostTwoPercent(scatter: Scatter) {
        let alarms = share(of: 1000, change: Self.margin, scatter: scatter) { $0.verdict == .regressed }
        #expect(alarms <= 0.02, "\(alarms)")
    }

    @Test func equalBuildsRaiseNoAlarmAndAreMostlyDecided() {
        #expect(share(of: 500, change: 0, scatter: .moody) { $0.verdict == .regressed } == 0)
        for scatter in [Scatter.calm, .moody] {
            let decided = share(of: 500, change: 0, scatter: scatter) { $0.verdict == .same }
            #expect(decided >= 0.99, "\(decided)")
        }
    }

    @Test func aChangeOfTwiceTheMarginIsFound() {
        let found = share(of: 500, change: 2 * Self.margin) { $0.verdict == .regressed }
        #expect(found >= 0.95, "\(found)")
    }
}
