internal import EphemeralTime
internal import HarnessKit

extension GateSession {
    /// What pairs of runs brought.
    struct PairedFindings {
        var rows: [RegressionRow] = []
        var notes: [String] = []
    }

    /// Pairs of runs on the real clock, of every target that has paired or observed metrics.
    func pairedRows(_ subjects: [GateSubject], since began: ContinuousClock.Instant) async -> PairedFindings {
        let wanted = subjects.indices.filter { index in
            let rules = subjects[index].rules
            return subjects[index].clocks.contains(.real) && !(rules.paired.isEmpty && rules.observe.isEmpty)
        }
        guard !wanted.isEmpty else { return PairedFindings() }
        var course = PairedCourse(subjects: subjects)
        var open = wanted
        var processes = 0
        for look in schedule.looks where !open.isEmpty {
            while processes < look, hasTime(since: began) {
                await makePairs(open, round: processes, into: &course)
                processes += 1
                progress("process \(processes) of at most \(schedule.looks.last ?? look), \(open.count) targets open")
                open.removeAll(where: course.hasFailed)
            }
            guard processes > 1 else { break }
            // What many rows at once leave open stays open as well.
            open = course.undecided(wanted, by: rows(of: wanted, course))
            if !hasTime(since: began) { break }
        }
        let judged = rows(of: wanted, course).map { $0.settled(among: wanted.count) }
        if processes > 1 { open = course.undecided(open, by: judged) }
        var findings = PairedFindings()
        if !open.isEmpty {
            let why = hasTime(since: began) ? "\(processes) processes of each build" : "the budget"
            findings.notes.append("\(open.count) of \(wanted.count) targets were not decided within \(why)")
        }
        findings.rows = await confirmed(judged, &course)
        findings.rows += course.findings
        findings.notes += course.notes
        return findings
    }

    private func hasTime(since began: ContinuousClock.Instant) -> Bool {
        guard !interruption.isFired else { return false }
        guard let budget = schedule.budget else { return true }
        return began.duration(to: clock.now) / .seconds(1) < budget
    }

    /// The rows of targets as their pairs are, adjusted for their number.
    private func rows(of wanted: [Int], _ course: PairedCourse) -> [RegressionRow] {
        let figures = wanted.flatMap { index in
            let subject = course.subjects[index]
            return course.samples[index].rows(
                rules: subject.rules,
                scenario: subject.scenario,
                target: subject.target,
                confidence: schedule.confidence,
                seed: seed
            )
        }
        // Every target is in a family of its own kind, also where nothing stands out: else none would be adjusted for the rest.
        let validity = wanted.compactMap(course.validityRow).controlled()
        return figures.controlled() + validity.filter { $0.verdict != .same }
    }

    /// Starts a fresh process of each build and makes pairs of runs, in an order drawn for each pair.
    ///
    /// A target whose process fails is left out from then on.
    private func makePairs(_ open: [Int], round: Int, into course: inout PairedCourse) async {
        var processes = GateProcesses(session: self)
        defer { processes.end() }
        let order = GateOrder(seed: seed)
        for index in order.shuffled(open, round: round) where !interruption.isFired {
            let subject = course.subjects[index]
            course.beginProcess(of: index)
            // The first pair of a process warms both up and does not count.
            for pair in 0...schedule.pairs where !interruption.isFired && !course.hasFailed(index) {
                let isHeadFirst = order.isHeadFirst(round: round, subject: index, pair: pair)
                let runs = await processes.runs(of: subject, on: .real, isHeadFirst: isHeadFirst)
                if let head = runs.head { course.note(head, of: index, comparison(of: subject)) }
                guard let both = runs.both else {
                    course.fail(runs, of: index)
                    break
                }
                if pair > 0 { course.append(both, to: index) }
            }
        }
    }

    /// Runs what seems to have regressed again, in fresh processes: only what repeats counts.
    ///
    /// The budget is for finding suspicions; these runs are made after its end as well.
    private func confirmed(_ rows: [RegressionRow], _ course: inout PairedCourse) async -> [RegressionRow] {
        let suspects = course.subjects.indices.filter { index in
            !course.hasFailed(index) && rows.contains { $0.isBlocking && $0.isOf(course.subjects[index]) }
        }
        guard !suspects.isEmpty, !interruption.isFired else {
            return rows.map { $0.isBlocking ? $0.leftOpen("was not run again") : $0 }
        }
        progress("\(suspects.count) targets seem to have regressed and are run again")
        var again = PairedCourse(subjects: course.subjects)
        for round in 0..<schedule.confirmation where !interruption.isFired {
            await makePairs(suspects.filter { !again.hasFailed($0) }, round: 1000 + round, into: &again)
        }
        course.merge(again)
        return rows.map { row in
            guard row.isBlocking else { return row }
            guard let index = suspects.first(where: { row.isOf(course.subjects[$0]) }) else {
                return row.leftOpen("was not run again, because a process failed")
            }
            if let failure = again.failure(of: index) { return row.leftOpen("could not be run again: \(failure)") }
            if again.bearsOut(row, of: index) { return row }
            let reason = "seemed to have regressed, and did not in \(schedule.confirmation) fresh processes"
            return row.isOfValidity ? row.judged(.same, because: reason) : row.leftOpen(reason)
        }
    }
}

extension RegressionRow {
    fileprivate var isOfValidity: Bool { quantity == Self.validity }

    /// The row when no more processes follow: runs that by chance do not count leave no figure open, which the others tell.
    ///
    /// So few processes that not even runs of all of them would have stood out among the targets have settled nothing.
    fileprivate func settled(among targets: Int) -> RegressionRow {
        guard isOfValidity, verdict == .inconclusive, let processes else { return self }
        let least = Double(sign: .plus, exponent: -processes, significand: Double(targets))
        var row = self
        if least <= Self.falseDiscoveries { row.verdict = .same }
        return row
    }
}

extension PairedCourse {
    /// The targets of which the rows leave something open; none whose process failed.
    fileprivate func undecided(_ indices: [Int], by rows: [RegressionRow]) -> [Int] {
        let open = rows.filter { $0.tier == .statistical && $0.verdict == .inconclusive }
        return indices.filter { index in !hasFailed(index) && open.contains { $0.isOf(subjects[index]) } }
    }

    /// Whether runs that were made after a suspicion bear it out.
    fileprivate func bearsOut(_ row: RegressionRow, of index: Int) -> Bool {
        guard !row.isOfValidity else { return confirmsValidity(of: index) }
        let rule = subjects[index].rules.paired.first { $0.metric == row.quantity }
        let better = MetricCatalogue.metric(named: row.quantity)?.better ?? .lower
        let test = PairedTest(margin: row.margin ?? rule?.share ?? 0, floor: rule?.floor ?? 0, better: better)
        return test.confirms(samples[index].groups(of: row.quantity))
    }
}
