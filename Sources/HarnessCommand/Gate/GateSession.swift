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
    /// Called with a line on how far the comparison is.
    let progress: @Sendable (_ line: String) -> Void
    let clock = SystemTimeSource()

    /// Both builds, started.
    struct Duo {
        var base: GateConversation
        var head: GateConversation
        /// What both can run, with its numbers in each.
        var subjects: [(subject: GateSubject, base: Int, head: Int)]
        var greetings: (base: GateHello, head: GateHello)

        func end() {
            base.end()
            head.end()
        }
    }

    func run() async throws -> GateReport {
        let machine = MachineReading()
        let began = clock.now
        let duo = try await start()
        var notes = Self.notes(duo.greetings)
        let subjects = duo.subjects.map(\.subject)
        let exact: [RegressionRow]
        do {
            exact = try await exactRows(duo)
            duo.end()
        } catch {
            duo.end()
            throw error
        }
        // Figures of a wrong run mean nothing.
        let wrong = exact.filter { $0.quantity == RegressionRow.invariants && $0.verdict == .regressed }
        let right = subjects.filter { subject in
            !wrong.contains { $0.scenario == subject.scenario && $0.target == subject.target }
        }
        let paired = try await pairedRows(right, since: began)
        notes += paired.notes
        var report = GateReport(
            base: GateReport.Side(executable: base, build: duo.greetings.base.environment.fingerprint),
            head: GateReport.Side(executable: head, build: duo.greetings.head.environment.fingerprint),
            rows: Self.sorted(exact + paired.rows, by: subjects),
            environment: machine.environment(command: CommandLine.arguments.joined(separator: " ")),
            notes: notes
        )
        report.interrupted = interruption.isFired
        return report
    }

    /// Starts both builds and makes sure that they mean the same.
    func start() async throws -> Duo {
        let words = [GateWorkerCommand.name] + arguments
        let base = try GateConversation(name: "base", executable: base, arguments: words)
        let head: GateConversation
        do {
            head = try GateConversation(name: "head", executable: self.head, arguments: words)
        } catch {
            base.end()
            throw error
        }
        do {
            let greetings = (base: try await base.hello(), head: try await head.hello())
            let subjects = try matched(greetings)
            return Duo(base: base, head: head, subjects: subjects, greetings: greetings)
        } catch {
            base.end()
            head.end()
            throw error
        }
    }

    private func matched(
        _ greetings: (base: GateHello, head: GateHello)
    ) throws -> [(subject: GateSubject, base: Int, head: Int)] {
        let globs = targets.map { Glob($0) }
        var subjects: [(subject: GateSubject, base: Int, head: Int)] = []
        var differing: [String] = []
        for (number, subject) in greetings.head.subjects.enumerated() {
            guard globs.isEmpty || globs.contains(where: { $0.matches(subject.target) }),
                let other = greetings.base.subjects.firstIndex(where: { $0.name == subject.name })
            else { continue }
            let former = greetings.base.subjects[other]
            if former.planDigest != subject.planDigest {
                differing.append("\(subject.name) (\(former.planDigest) and \(subject.planDigest))")
            }
            subjects.append((subject, other, number))
        }
        guard differing.isEmpty else {
            throw GateError(
                "the builds plan different loads, so that their figures say nothing about each other: "
                    + differing.joined(separator: ", ")
            )
        }
        guard !subjects.isEmpty else {
            let problems = greetings.base.problems + greetings.head.problems
            throw GateError(
                "there is no target that both builds can run" + (problems.first.map { ": \($0)" } ?? "")
            )
        }
        return subjects
    }

    private static func notes(_ greetings: (base: GateHello, head: GateHello)) -> [String] {
        let (base, head) = greetings
        let missing = head.subjects.filter { subject in !base.subjects.contains { $0.name == subject.name } }
        return base.environment.differences(from: head.environment, names: ("the base build", "the head build"))
            + base.problems.map { "the base build cannot read a scenario: \($0)" }
            + head.problems.map { "the head build cannot read a scenario: \($0)" }
            + missing.map { "new, and not compared: \($0.name)" }
    }

    /// Rows of one target stand together, in the order of the scenarios.
    private static func sorted(_ rows: [RegressionRow], by subjects: [GateSubject]) -> [RegressionRow] {
        subjects.flatMap { subject in
            rows.filter { $0.scenario == subject.scenario && $0.target == subject.target }
        }
    }
}
