extension RateSearch {
    /// How much a search may take, before it is made.
    func note(of scenario: Scenario) -> String {
        let longest = scenario.load.phases.reduce(Duration.zero) { $0 + $1.longest }
        let most = NoteText.time(longest.seconds * Double(mostTrials))
        let bound = budget.map { ", within a budget of \($0.text) on the real clock" } ?? ""
        return "search from \(NoteText.number(from))/s to \(NoteText.number(to))/s to \(NoteText.percent(precision)): "
            + "at most \(mostTrials) trials of each target (\(mostTrialsPerRepetition) in each of \(repetitions) repetitions) of "
            + "\(longest.text) at most, \(most) in all\(bound)"
    }

    /// Where the closed form of a target's capacity lies.
    func notes(of target: TargetSpec, capacity: Double) -> [String] {
        if capacity > to {
            return ["target '\(target.id)': the search ends below the capacity, at \(NoteText.number(to))/s"]
        }
        if capacity < from {
            return ["target '\(target.id)': the search begins above the capacity, at \(NoteText.number(from))/s"]
        }
        return []
    }
}
