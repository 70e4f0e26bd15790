import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct RateSearchStateTests {
    private static let range = RateSearch(from: 100, to: 20_000)

    /// Asks an oracle until the search has ended.
    private func outcome(
        _ range: RateSearch,
        _ holds: (_ rate: Double, _ repetition: Int) -> Bool
    ) -> (state: RateSearchState, rates: [Double]) {
        var state = RateSearchState(range)
        var rates: [Double] = []
        while let rate = state.next, rates.count < 10_000 {
            rates.append(rate)
            state.record(holds(rate, state.repetition) ? .held : .broken)
        }
        return (state, rates)
    }

    @Test(arguments: [100, 101.5, 137, 1000, 4095, 19_999])
    func aStepIsFoundToThePrecision(step: Double) throws {
        let (state, _) = outcome(Self.range) { rate, _ in rate <= step }
        #expect(state.ended.count == 3)
        for bracket in state.ended {
            let held = try #require(bracket.held)
            let broken = try #require(bracket.broken)
            #expect(held <= step && step < broken)
            #expect(broken / held <= 1.05 * (1 + 1e-8))
        }
    }

    @Test func ratesDoubleUntilOneBreaksAndAreHalvedOnALogarithmicScale() {
        let (_, rates) = outcome(Self.range) { rate, _ in rate <= 1000 }
        #expect(rates.prefix(5) == [100, 200, 400, 800, 1600])
        #expect(rates[5] == (800.0 * 1600).squareRoot())
    }

    @Test func aFurtherRepetitionBeginsWhereTheOneBeforeEnded() throws {
        let (state, rates) = outcome(Self.range) { rate, _ in rate <= 1000 }
        let found = try #require(state.ended.first?.held)
        let second = try #require(rates.dropFirst().firstIndex(of: found))
        #expect(rates[second...].contains(found * 2))
        #expect(rates.count < 3 * rates.prefix(through: second).count)
    }

    @Test func nothingHolds() {
        let (state, rates) = outcome(Self.range) { _, _ in false }
        #expect(state.ended == Array(repeating: RateBracket(held: nil, broken: 100), count: 3))
        #expect(rates == [100, 100, 100])
        let estimate = CapacityEstimate(state.ended, of: Self.range)
        #expect(estimate.outcome == .below)
        #expect(estimate.rate == nil)
        #expect(estimate.interval == nil)
    }

    @Test func everythingHolds() {
        let (state, rates) = outcome(Self.range) { _, _ in true }
        #expect(state.ended == Array(repeating: RateBracket(held: 20_000, broken: nil), count: 3))
        #expect(rates.prefix(9) == [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 20_000])
        let estimate = CapacityEstimate(state.ended, of: Self.range)
        #expect(estimate.outcome == .atLeast)
        #expect(estimate.rate == 20_000)
        #expect(estimate.interval == ConfidenceInterval(low: 20_000, high: 20_000, isOpenAbove: true))
    }

    @Test func aNoisyStepGivesAnIntervalAroundIt() throws {
        let random = CounterRandom(seed: 7, stream: "oracle")
        var range = Self.range
        range.repetitions = 9
        var asked = 0
        let (state, _) = outcome(range) { rate, _ in
            asked += 1
            // A chance that falls from one to nothing between 900/s and 1100/s.
            return rate < 900 + 200 * Double(random.word(asked) % 1000) / 1000
        }
        let estimate = CapacityEstimate(state.ended, of: range)
        let rate = try #require(estimate.rate)
        let interval = try #require(estimate.interval)
        #expect((850...1150).contains(rate))
        #expect(interval.contains(rate))
        #expect(interval.low < 1000 && interval.high > 1000 && interval.high < 1300)
        #expect(Set(state.ended.compactMap(\.held)).count > 1)
    }

    @Test func aRepetitionThatBeginsTooHighComesDown() throws {
        var range = Self.range
        range.repetitions = 2
        let (state, rates) = outcome(range) { rate, repetition in rate <= (repetition == 0 ? 10_000 : 300) }
        let held = try #require(state.ended.last?.held)
        #expect((280...300).contains(held))
        #expect(rates.count <= range.mostTrials)
        let estimate = CapacityEstimate(state.ended, of: range)
        #expect(estimate.rate == held, "of two the lower one, which needs less luck")
        #expect(try #require(estimate.interval).high > 10_000)
    }

    @Test func aHoleBelowAHigherRateThatHoldsIsTold() throws {
        var range = Self.range
        range.repetitions = 2
        var report = CapacitySearch(target: "work", use: "coordinator.work", clock: .virtual, range: range)
        var state = RateSearchState(range)
        // Rates around the first answer break in the second repetition alone.
        while let rate = state.next {
            let holds = rate <= 1000 && !(state.repetition == 1 && rate > 400)
            var trial = CapacitySearch.Trial(
                number: report.trials.count + 1,
                repetition: state.repetition,
                seed: 1,
                rate: rate,
                planDigest: ""
            )
            trial.holds = holds
            report.trials.append(trial)
            state.record(holds ? .held : .broken)
        }
        let remark = try #require(report.remarks().first)
        #expect(remark.hasPrefix("not monotone: "))
        #expect(remark.contains("in repetition 1, and the lower "))
    }

    @Test func noRemarkOnAStep() {
        var report = CapacitySearch(target: "work", use: "coordinator.work", clock: .virtual, range: Self.range)
        _ = outcome(Self.range) { rate, repetition in
            var trial = CapacitySearch.Trial(number: 1, repetition: repetition, seed: 1, rate: rate, planDigest: "")
            trial.holds = rate <= 1000
            report.trials.append(trial)
            return trial.holds
        }
        #expect(report.remarks() == [])
    }

    @Test(arguments: [0.005, 0.02, 0.05, 0.5], [1.5, 2, 7, 200, 1e6])
    func noSearchTakesMoreTrialsThanItSays(precision: Double, width: Double) {
        var range = RateSearch(from: 10, to: 10 * width)
        range.precision = precision
        range.repetitions = 4
        let random = CounterRandom(seed: 11, stream: "oracle")
        for draw in 0..<200 {
            let (_, rates) = outcome(range) { rate, repetition in
                // A step anywhere in the range, another one in each repetition.
                let place = Double(random.word(draw, part: repetition) % 10_000) / 10_000
                return rate <= 10 * (1 + (width - 1) * place)
            }
            #expect(rates.count <= range.mostTrials)
            #expect(rates.allSatisfy { (range.from...range.to).contains($0) })
        }
    }

    @Test func aRepetitionThatWasCutOffTellsWhatItKnew() {
        let open = CapacityEstimate([RateBracket(held: 400, broken: nil)], of: Self.range)
        #expect(open.outcome == .atLeast)
        #expect(open.interval == ConfidenceInterval(low: 400, high: 20_000, isOpenAbove: true))
        #expect(open.interval?.contains(50_000) == true)
        let wide = CapacityEstimate([RateBracket(held: 400, broken: 800)], of: Self.range)
        #expect(wide.outcome == .found)
        #expect(wide.interval == ConfidenceInterval(low: 400, high: 800))
        #expect(CapacityEstimate([RateBracket()], of: Self.range).outcome == .unknown)
        #expect(CapacityEstimate([], of: Self.range).outcome == .unknown)
    }

    @Test func theMedianAndTheWidestEndsCount() {
        let brackets = [
            RateBracket(held: 980, broken: 1020), RateBracket(held: 900, broken: 940),
            RateBracket(held: 1000, broken: 1040),
        ]
        let estimate = CapacityEstimate(brackets, of: Self.range)
        #expect(estimate.outcome == .found)
        #expect(estimate.rate == 980)
        #expect(estimate.interval == ConfidenceInterval(low: 900, high: 1040))
    }

    /// Asks an oracle of a single repetition until it has ended.
    private func bracket(_ answer: (_ rate: Double) -> RateAnswer) throws -> RateBracket {
        var range = Self.range
        range.repetitions = 1
        var state = RateSearchState(range)
        while let rate = state.next { state.record(answer(rate)) }
        return try #require(state.ended.first)
    }

    @Test func aRateThatTheHarnessBrokeLeavesALowerBound() throws {
        let bracket = try bracket { $0 <= 1000 ? .held : .spoiled }
        #expect(bracket.broken == nil)
        #expect(try #require(bracket.spoiled) > 1000)
        let estimate = CapacityEstimate([bracket], of: Self.range)
        #expect(estimate.outcome == .atLeast)
        #expect((950...1000).contains(try #require(estimate.rate)))
        #expect(try #require(estimate.interval).isOpenAbove)
    }

    @Test func aRateThatTheTargetBrokeClosesTheRangeAboveTheHarness() throws {
        let bracket = try bracket { $0 > 1500 ? .broken : $0 > 1000 ? .spoiled : .held }
        let estimate = CapacityEstimate([bracket], of: Self.range)
        #expect(estimate.outcome == .atLeast)
        let interval = try #require(estimate.interval)
        #expect(interval.high == 1600)
        #expect(!interval.isOpenAbove)
    }

    @Test func aTargetThatBreaksBelowTheHarnessIsFound() throws {
        let bracket = try bracket { $0 > 1500 ? .spoiled : $0 > 1000 ? .broken : .held }
        let estimate = CapacityEstimate([bracket], of: Self.range)
        #expect(estimate.outcome == .found)
        #expect(estimate.interval?.isOpenAbove == false)
    }

    @Test func aHarnessThatBreaksEverywhereTellsNothing() throws {
        let bracket = try bracket { _ in .spoiled }
        let estimate = CapacityEstimate([bracket], of: Self.range)
        #expect(estimate.outcome == .unknown)
        #expect(estimate.rate == nil)
    }

    @Test func anUndecidedRateEndsItsRepetitionAlone() {
        var state = RateSearchState(Self.range)
        var answers: [RateAnswer] = [.held, .held, .undecided]
        while state.next != nil, state.repetition == 0 { state.record(answers.removeFirst()) }
        #expect(state.ended == [RateBracket(held: 200, broken: nil, isUndecided: true)])
        #expect(state.next == 200)
        #expect(CapacityEstimate(state.ended, of: Self.range).outcome == .atLeast)
    }

    @Test func aBoundBelowTheMedianMakesItOneAndOneAboveDoesNot() {
        let found = RateBracket(held: 980, broken: 1020)
        let low = RateBracket(held: 900, broken: nil, spoiled: 940)
        let high = RateBracket(held: 1000, broken: nil, spoiled: 1040)
        #expect(CapacityEstimate([found, low, found], of: Self.range).outcome == .atLeast)
        let estimate = CapacityEstimate([found, high, found], of: Self.range)
        #expect(estimate.outcome == .found)
        #expect(estimate.interval == ConfidenceInterval(low: 980, high: 20_000, isOpenAbove: true))
    }

    @Test func everyRepetitionThatTheHarnessEndedIsTold() throws {
        var report = CapacitySearch(target: "work", use: "coordinator.work", clock: .real, range: Self.range)
        for (repetition, isInvalid) in [false, true, true].enumerated() {
            var trial = CapacitySearch.Trial(number: 1, repetition: repetition, seed: 1, rate: 200, planDigest: "")
            trial.rate = isInvalid ? 400 : 200
            trial.holds = false
            trial.broken = [isInvalid ? "the generator was late" : "response.p99 < 20ms: measured 90 ms"]
            trial.isInvalid = isInvalid
            report.trials.append(trial)
        }
        #expect(
            report.remarks() == [
                "the harness and not the target ended 2 of 3 repetitions, repetition 2 at 400/s: the generator was late"
            ]
        )
    }
}
