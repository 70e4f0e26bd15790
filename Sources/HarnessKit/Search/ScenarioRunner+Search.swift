internal import EphemeralTime

extension ScenarioRunner {
    /// Looks for the highest rate of every target, target by target and clock by clock.
    ///
    /// - Returns: For each target and clock the run at that rate, and what the search came to.
    func searchedRuns(
        of scenario: Scenario,
        plan: Plan,
        _ search: RateSearch,
        without skipped: [SkippedRun],
        visit: @Sendable (_ run: FinishedRun) async -> Void
    ) async -> MadeRuns {
        let turns = turns(of: scenario, without: skipped)
        let runs = turns.reduce(0) { $0 + ($1.clock == .virtual && scenario.runs.verifyDeterminism ? 2 : 1) }
        observer.scenarioStarted(scenario, runs: runs * search.mostTrials)
        var made = MadeRuns()
        if scenario.runs.virtualSeeds > 1 {
            made.remarks.append("no further seeds were tried: every repetition of a search has one of its own")
        }
        for turn in turns where !interruption.isFired {
            let capacity = await capacity(turn, of: scenario, plan: plan, search)
            if let run = capacity.run { await visit(run) }
            observer.runFinished(identity(of: turn, in: scenario), result: capacity.judged.run)
            made.runs.append(capacity.judged)
            made.searches.append(capacity.report)
        }
        return made
    }

    /// What the search for one target leaves.
    struct Capacity {
        var report: CapacitySearch
        /// The run at the rate that was found, as results hold it.
        var judged: JudgedRun
        /// The same with its history; `nil` when there was no trial.
        var run: FinishedRun?
    }

    /// Looks for the highest rate of one target.
    ///
    /// **Cancellation**: as for all runs; what is known when ``interruption`` fires is told.
    func capacity(_ turn: RunOrder.Turn, of scenario: Scenario, plan: Plan, _ search: RateSearch) async -> Capacity {
        let target = scenario.targets[turn.target]
        var report = CapacitySearch(target: target.id, use: target.use, clock: turn.clock, range: search)
        report.conditions = scenario.trial(at: search.from, repetition: 0, target: turn.target, clock: turn.clock)
            .expectations.filter { $0.level == .fail && !$0.clocks(among: [turn.clock]).isEmpty }.map(\.text)
        var course = SearchCourse(search, report: report)
        var fault: SearchAttempt?
        let began = time.now
        while let rate = course.state.next {
            if let budget = search.budget, turn.clock == .real, !course.report.trials.isEmpty,
                began.duration(to: time.now) >= budget
            {
                course.end(early: "the budget of \(budget.text) was spent")
                break
            }
            let repetition = course.state.repetition
            let own = scenario.trial(at: rate, repetition: repetition, target: turn.target, clock: turn.clock)
            let trial: SearchAttempt
            do {
                trial = try await self.trial(of: own, plan: Plan(own), at: rate, course, turn.clock)
            } catch {
                course.end(early: "there is no plan for \(NoteText.number(rate))/s: \(error)")
                break
            }
            switch trial.ending {
            case .judged:
                course.record(trial.report, trial.run, trial.judged)
                observer.trialEnded(trial.report, target: target.id, of: search.mostTrials)
                if !interruption.isFired { continue }
                if course.state.next != nil { course.end(early: "it was interrupted") }
            case .interrupted:
                course.end(early: "it was interrupted")
                fault = course.report.trials.isEmpty ? trial : nil
            case .useless(let why):
                course.end(early: why)
                fault = trial
            }
            break
        }
        return summed(course, fault: fault, turn, of: scenario, plan: plan)
    }

    /// A rate that was tried.
    struct SearchAttempt {
        var report: CapacitySearch.Trial
        var run: FinishedRun
        var judged: JudgedRun
        var ending = Ending.judged

        enum Ending {
            case judged
            /// The user stopped it: it says nothing.
            case interrupted
            /// No other rate would do better.
            case useless(String)
        }
    }

    private func trial(
        of own: Scenario,
        plan: Plan,
        at rate: Double,
        _ course: SearchCourse,
        _ clock: RunClock
    ) async -> SearchAttempt {
        let single = RunOrder.Turn(target: 0, repetition: 0, clock: clock)
        let run = await verifiedRun(single, of: own, plan: plan)
        let judged = run.judged(by: own, registry: registry)
        var report = CapacitySearch.Trial(
            number: course.report.trials.count + 1,
            repetition: course.state.repetition,
            seed: own.seed,
            rate: rate,
            planDigest: plan.digest
        )
        report.historyDigest = clock == .virtual ? run.digest : nil
        let unanswerable = own.expectations.count { expectation in
            expectation.level == .fail && !expectation.clocks(among: [clock]).isEmpty
                && judged.readings[expectation.readingKey]?.lacksOccasion == true
        }
        report.judge(
            judged.run,
            Judge.expectations(scenario: own, runs: [judged], skipped: []),
            unanswerable: unanswerable
        )
        var trial = SearchAttempt(report: report, run: run, judged: judged)
        if run.interrupted {
            trial.ending = .interrupted
        } else if run.spans.isEmpty || run.virtual?.isRepeatable == false {
            trial.ending = .useless(run.validity.reasons.first ?? "a trial left nothing")
        }
        return trial
    }
}
