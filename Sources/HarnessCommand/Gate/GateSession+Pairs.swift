internal import EphemeralTime
internal import HarnessKit

extension GateSession {
    /// What pairs of runs brought.
    struct PairedFindings {
        var rows: [RegressionRow] = []
        var notes: [String] = []
    }

    /// Pairs of runs on the real clock, of every target that has paired or observed metrics.
    func pairedRows(_ subjects: [GateSubject], since began: ContinuousClock.Instant) async throws -> PairedFindings {
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
                try await makePairs(open, round: processes, into: &course)
                processes += 1
                progress("process \(processes) of at most \(schedule.looks.last ?? look), \(open.count) targets open")
            }
            guard processes > 1 else { break }
            open = open.filter { index in
                rows(of: index, course).contains { $0.tier == .statistical && $0.verdict == .inconclusive }
            }
            if !hasTime(since: began) { break }
        }
        var findings = PairedFindings()
        findings.rows = wanted.flatMap { rows(of: $0, course) }.controlled()
        if !open.isEmpty {
            let why = hasTime(since: began) ? "\(processes) processes of each build" : "the budget"
            findings.notes.append("\(open.count) of \(wanted.count) targets were not decided within \(why)")
        }
        findings.rows = try await confirmed(findings.rows, course, since: began)
        findings.rows += course.violations
        findings.notes += course.notes
        return findings
    }

    private func hasTime(since began: ContinuousClock.Instant) -> Bool {
        guard !interruption.isFired else { return false }
        guard let budget = schedule.budget else { return true }
        return began.duration(to: clock.now) / .seconds(1) < budget
    }

    private func rows(of index: Int, _ course: PairedCourse) -> [RegressionRow] {
        let subject = course.subjects[index]
        return course.samples[index].rows(
            rules: subject.rules,
            scenario: subject.scenario,
            target: subject.target,
            confidence: schedule.confidence,
            seed: seed
        )
    }

    /// Starts a fresh process of each build and makes pairs of runs, in an order drawn for each pair.
    private func makePairs(_ open: [Int], round: Int, into course: inout PairedCourse) async throws {
        let duo = try await start()
        defer { duo.end() }
        let order = GateOrder(seed: seed)
        for index in order.shuffled(open, round: round) where !interruption.isFired {
            let subject = course.subjects[index]
            guard let entry = duo.subjects.first(where: { $0.subject.name == subject.name }) else { continue }
            course.samples[index].beginProcess()
            // The first pair of a process warms both up and does not count.
            for pair in 0...schedule.pairs where !interruption.isFired {
                let isHeadFirst = order.isHeadFirst(round: round, subject: index, pair: pair)
                let runs = try await self.pair(entry, duo, isHeadFirst: isHeadFirst)
                course.note(runs.head, of: index, comparison(of: subject))
                guard pair > 0 else { continue }
                course.append(base: runs.base, head: runs.head, to: index)
            }
        }
    }

    private func pair(
        _ entry: (subject: GateSubject, base: Int, head: Int),
        _ duo: Duo,
        isHeadFirst: Bool
    ) async throws -> (base: ExactRecord, head: ExactRecord) {
        if isHeadFirst {
            let head = try await duo.head.run(GateRequest(subject: entry.head, clock: .real))
            return (try await duo.base.run(GateRequest(subject: entry.base, clock: .real)), head)
        }
        let base = try await duo.base.run(GateRequest(subject: entry.base, clock: .real))
        return (base, try await duo.head.run(GateRequest(subject: entry.head, clock: .real)))
    }

    /// Runs what seems to have regressed again, in fresh processes: only what repeats counts.
    private func confirmed(
        _ rows: [RegressionRow],
        _ course: PairedCourse,
        since began: ContinuousClock.Instant
    ) async throws -> [RegressionRow] {
        let suspects = course.subjects.indices.filter { index in
            rows.contains {
                $0.isBlocking && $0.scenario == course.subjects[index].scenario
                    && $0.target == course.subjects[index].target
            }
        }
        guard !suspects.isEmpty, !interruption.isFired else { return rows }
        progress("\(suspects.count) targets seem to have regressed and are run again")
        var again = PairedCourse(subjects: course.subjects)
        for round in 0..<schedule.confirmation where !interruption.isFired {
            try await makePairs(suspects, round: 1000 + round, into: &again)
        }
        return rows.map { row in
            guard row.isBlocking, let margin = row.margin,
                let index = suspects.first(where: {
                    course.subjects[$0].scenario == row.scenario && course.subjects[$0].target == row.target
                })
            else { return row }
            let rule = course.subjects[index].rules.paired.first { $0.metric == row.quantity }
            let better = MetricCatalogue.metric(named: row.quantity)?.better ?? .lower
            let test = PairedTest(margin: margin, floor: rule?.floor ?? 0, better: better, seed: seed)
            guard !test.confirms(again.samples[index].groups(of: row.quantity)) else { return row }
            var row = row
            row.verdict = .inconclusive
            row.detail = "seemed to have regressed, and did not in \(schedule.confirmation) fresh processes"
            return row
        }
    }
}

/// The pairs of all targets so far.
struct PairedCourse {
    let subjects: [GateSubject]
    var samples: [PairedSamples]
    /// Rows of invariants that the new build violated on the real clock, by target.
    private var violated: [Int: RegressionRow] = [:]
    /// How many pairs did not count, by reason.
    private var dropped: [String: Int] = [:]

    init(subjects: [GateSubject]) {
        self.subjects = subjects
        samples = Array(repeating: PairedSamples(), count: subjects.count)
    }

    /// Adds a pair, unless one of its runs does not count.
    mutating func append(base: ExactRecord, head: ExactRecord, to index: Int) {
        if let reason = base.objections.first ?? head.objections.first {
            dropped["\(subjects[index].name): \(reason)", default: 0] += 1
            return
        }
        samples[index].append(base: base.total, head: head.total)
    }

    /// Takes down whether the new build violated an invariant.
    mutating func note(_ head: ExactRecord, of index: Int, _ comparison: ExactComparison) {
        guard violated[index] == nil, !head.violations.isEmpty else { return }
        violated[index] = comparison.invariants(head)
    }

    var violations: [RegressionRow] { violated.sorted { $0.key < $1.key }.map(\.value) }

    var notes: [String] {
        dropped.sorted { $0.key < $1.key }.map { "\($0.value) pairs do not count: \($0.key)" }
    }
}
