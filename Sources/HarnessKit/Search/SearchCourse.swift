/// A search for one target on one clock that is under way: what was tried, and which runs are kept for the result.
struct SearchCourse: Sendable {
    private let range: RateSearch
    private(set) var state: RateSearchState
    private(set) var report: CapacitySearch
    /// The run of the highest rate that held, by repetition.
    private var best: [Int: Kept] = [:]
    /// The run of the lowest rate, where none held.
    private var lowest: Kept?

    /// A trial with its run.
    struct Kept: Sendable {
        var rate: Double
        var run: FinishedRun
        var judged: JudgedRun
    }

    init(_ range: RateSearch, report: CapacitySearch) {
        self.range = range
        state = RateSearchState(range)
        self.report = report
    }

    /// Takes down how the trial at the state's next rate ended.
    mutating func record(_ trial: CapacitySearch.Trial, _ run: FinishedRun, _ judged: JudgedRun) {
        let kept = Kept(rate: trial.rate, run: run, judged: judged)
        if trial.holds, trial.rate >= best[trial.repetition]?.rate ?? 0 { best[trial.repetition] = kept }
        if !trial.holds, trial.rate < lowest?.rate ?? .infinity { lowest = kept }
        report.trials.append(trial)
        state.record(trial.answer)
    }

    /// Ends the search before its end.
    mutating func end(early why: String) {
        report.endedEarly = why
    }

    /// Sums the trials up.
    ///
    /// - Returns: The report, and the run at the rate that was found or else at the lowest that was tried; `nil` when there
    ///   was no trial.
    func summed() -> (report: CapacitySearch, kept: Kept?) {
        var report = report
        report.completed = state.ended.count
        let brackets = state.ended.isEmpty ? [state.bracket] : state.ended
        let estimate = CapacityEstimate(brackets, of: range)
        report.outcome = estimate.outcome
        report.rate = estimate.rate
        report.interval = estimate.interval
        report.notes = report.remarks()
        if report.completed < report.repetitions, report.completed > 0 {
            report.notes.append("\(report.completed) of \(report.repetitions) repetitions came to their end")
        }
        let kept = best.sorted { $0.key < $1.key }.map(\.value).first { $0.rate == estimate.rate }
        return (report, kept ?? lowest)
    }
}
