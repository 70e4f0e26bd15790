import Testing

@testable import Processing

/// What a manager keeps of ends that no store has heard of.
struct UnsettledRunsTests {
    private func report(_ number: Int) -> UnsettledRuns.Report {
        UnsettledRuns.Report(
            id: EmergencyID(rawValue: "\(number)"),
            token: .next(),
            end: .failed("no"),
            place: number.isMultiple(of: 2) ? .store : .journal,
            isSure: true
        )
    }

    @Test func ofTooManyEndsTheOldestAreGivenUp() {
        var runs = UnsettledRuns()
        for number in 0..<UnsettledRuns.capacity + 4 { _ = runs.remember(report(number)) }
        #expect(runs.reportCount == UnsettledRuns.capacity)
        #expect(runs.reports(for: .store).first?.report.id.rawValue == "4")
        #expect(runs.reports(for: .journal).first?.report.id.rawValue == "5")
    }

    @Test func oneTellsThemAtATimeUntilNoneIsLeft() {
        var runs = UnsettledRuns()
        let answers = [runs.remember(report(0)), runs.remember(report(1)), runs.endTelling()]
        #expect(answers == [true, false, false])
        let forgotten = [runs.forget(0), runs.forget(0), runs.forget(1)]
        #expect(forgotten == [true, false, true])
        let later = [runs.endTelling(), runs.remember(report(2))]
        #expect(later == [true, true])
    }
}
