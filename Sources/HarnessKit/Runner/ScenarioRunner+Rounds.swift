internal import EphemeralTime

extension ScenarioRunner {
    /// Makes all runs of a scenario and judges each.
    ///
    /// - Returns: The runs in the order in which they were made, and what else there is to say of them.
    func judgedRuns(
        of scenario: Scenario,
        plan: Plan,
        without skipped: [SkippedRun],
        visit: @Sendable (_ run: FinishedRun) async -> Void
    ) async -> (runs: [JudgedRun], remarks: [String]) {
        let turns = turns(of: scenario, without: skipped)
        let blocks = blocks(of: turns, scenario)
        observer.scenarioStarted(scenario, runs: isolation == nil ? turns.count : blocks.count)
        var runs: [JudgedRun] = []
        let began = time.now
        var budget = RoundBudget(scenario.runs)
        for block in blocks where !interruption.isFired {
            guard budget.admits(block[0], after: began.duration(to: time.now)) else { continue }
            if let isolation, scenario.runs.usesProcesses, block[0].clock == .real {
                runs += await isolatedRuns(block, of: scenario, plan: plan, in: isolation)
                continue
            }
            for turn in block where !interruption.isFired {
                let run = await verifiedRun(turn, of: scenario, plan: plan)
                await visit(run)
                let judged = run.judged(by: scenario, registry: registry)
                observer.runFinished(run.identity, result: judged.run)
                runs.append(judged)
            }
        }
        var remarks = [budget.remark].compactMap(\.self)
        if isolation == nil, scenario.runs.usesProcesses, scenario.clocks.contains(.real) {
            remarks.append("all runs were made in one process, because there is no executable to start more of")
        }
        return (runs, remarks)
    }

    /// The runs that follow each other in one process.
    private func blocks(of turns: [RunOrder.Turn], _ scenario: Scenario) -> [[RunOrder.Turn]] {
        var blocks: [[RunOrder.Turn]] = []
        for turn in turns {
            let last = blocks.last?.last
            let belongs =
                last?.target == turn.target && last?.process == turn.process && last?.clock == turn.clock
                && scenario.runs.usesProcesses
            if belongs { blocks[blocks.count - 1].append(turn) } else { blocks.append([turn]) }
        }
        return blocks
    }
}

/// Ends runs on the real clock after a time, between two rounds: every target keeps the same number of runs.
struct RoundBudget {
    private let settings: RunSettings
    private var round = 0
    private(set) var isSpent = false

    init(_ settings: RunSettings) {
        self.settings = settings
    }

    /// Whether a run is still to be made.
    mutating func admits(_ turn: RunOrder.Turn, after elapsed: Duration) -> Bool {
        guard let budget = settings.budget, turn.clock == .real else { return true }
        let next = settings.round(of: turn.repetition)
        if next > round, !isSpent {
            round = next
            isSpent = elapsed >= budget
        }
        return !isSpent
    }

    /// What the reader should know; `nil` when all rounds were run.
    var remark: String? {
        guard isSpent, let budget = settings.budget else { return nil }
        return "the budget of \(budget.text) ended the runs after \(round) of \(RunOrder.rounds(of: settings)) rounds"
    }
}
