internal import Dispatch
internal import EphemeralTime
internal import HarnessKit

/// Compares two builds: what must be equal first, then pairs of runs until all is decided or the time is over.
struct GateSession {
    let base: String
    let head: String
    /// The words behind the name of the command that both executables get.
    let arguments: [String]
    let schedule: GateSchedule
    /// Globs over exact quantities whose differences are meant.
    let accepted: [String]
    /// Globs over targets; empty takes all.
    let targets: [String]
    let seed: UInt64
    let interruption: Interruption
    /// How long a process may take to answer, beside the time that a run is planned to.
    var patience = DispatchTimeInterval.seconds(300)
    /// Called with a line on how far the comparison is.
    let progress: @Sendable (_ line: String) -> Void
    let clock = SystemTimeSource()

    /// Both builds, started.
    struct Duo {
        var base: GateConversation
        var head: GateConversation
        /// What both can run.
        var matching: GateMatching

        func end() {
            base.end()
            head.end()
        }
    }

    /// Compares the builds.
    ///
    /// A build that fails while it runs shows in the report; the comparison goes on with what is left.
    ///
    /// - Throws: ``GateError`` when there is nothing to compare.
    func run() async throws(GateError) -> GateReport {
        // A build that dies while it is written to must not take this process with it.
        ProcessEnd.ignoreBrokenPipes()
        let machine = MachineReading()
        let began = clock.now
        let opening = try await start()
        guard opening.failures.isEmpty else { return try broken(opening, machine) }
        let duo = try opening.duo(self)
        let matching = duo.matching
        var notes = opening.notes + matching.notes
        var processes = GateProcesses(session: self, duo: duo)
        let exact = await exactRows(matching.pairs.map(\.subject), &processes)
        processes.end()
        // Figures of a wrong run mean nothing.
        let wrong = exact.filter { row in
            row.quantity == RegressionRow.process
                || row.quantity == RegressionRow.invariants && row.verdict == .regressed
        }
        let right = matching.pairs.map(\.subject).filter { subject in !wrong.contains { $0.isOf(subject) } }
        let paired = await pairedRows(right, since: began)
        notes += paired.notes
        return report(opening, matching.lost + exact + paired.rows, matching.subjects, notes, machine)
    }

    /// The report when a build broke down before it said what it can run.
    private func broken(_ opening: Opening, _ machine: MachineReading) throws(GateError) -> GateReport {
        guard let hello = opening.base ?? opening.head else {
            throw GateError("neither build can be run: " + opening.failures.map { "\($0)" }.joined(separator: "; "))
        }
        let subjects = GateMatching.taken(hello.subjects, targets).map(\.subject)
        let rows = subjects.flatMap { subject in opening.failures.map { $0.row(of: subject) } }
        return report(opening, rows, subjects, opening.notes, machine)
    }

    private func report(
        _ opening: Opening,
        _ rows: [RegressionRow],
        _ subjects: [GateSubject],
        _ notes: [String],
        _ machine: MachineReading
    ) -> GateReport {
        let build = { (hello: GateHello?) in hello?.environment.fingerprint ?? "unknown, it did not say" }
        var report = GateReport(
            base: GateReport.Side(executable: base, build: build(opening.base)),
            head: GateReport.Side(executable: head, build: build(opening.head)),
            // Rows of one target stand together, in the order of the scenarios.
            rows: subjects.flatMap { subject in rows.filter { $0.isOf(subject) } },
            environment: machine.environment(command: CommandLine.arguments.joined(separator: " ")),
            notes: notes
        )
        report.interrupted = interruption.isFired
        return report
    }

    func comparison(of subject: GateSubject) -> ExactComparison {
        ExactComparison(scenario: subject.scenario, target: subject.target, accepting: accepted)
    }
}

extension RegressionRow {
    /// Whether the row is about a subject.
    func isOf(_ subject: GateSubject) -> Bool { scenario == subject.scenario && target == subject.target }
}
