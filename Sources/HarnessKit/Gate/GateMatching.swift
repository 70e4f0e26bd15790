/// What two builds can both run, and what one of them alone can.
public struct GateMatching: Sendable {
    /// One subject, with its numbers in both greetings.
    public struct Pair: Sendable, Equatable {
        /// The new build's description, with the clocks that both run it on.
        public var subject: GateSubject
        /// The former build's number.
        public var base: Int
        /// The new build's number.
        public var head: Int
    }

    /// What both can run, in the new build's order.
    public private(set) var pairs: [Pair] = []
    /// A row for each target and clock that the new build lost.
    public private(set) var lost: [RegressionRow] = []
    /// What the new build alone has.
    public private(set) var notes: [String] = []
    /// Subjects whose plans differ, with both digests.
    public private(set) var differing: [String] = []
    /// All subjects that the globs take: the new build's, and those that it lost.
    public private(set) var subjects: [GateSubject] = []

    /// Sets two greetings side by side.
    ///
    /// - Parameters:
    ///   - base: The former build's greeting.
    ///   - head: The new build's greeting.
    ///   - targets: Globs over targets; empty takes all.
    ///   - accepted: Globs over exact quantities whose differences are meant: `target` and `clock` for what was taken away.
    public init(base: GateHello, head: GateHello, targets: [String] = [], accepting accepted: [String] = []) {
        let former = Self.taken(base.subjects, targets)
        let verdict = { (quantity: String) -> RegressionRow.Verdict in
            accepted.contains { Glob($0).matches(quantity) } ? .accepted : .regressed
        }
        for (number, subject) in Self.taken(head.subjects, targets) {
            subjects.append(subject)
            guard let (other, old) = former.first(where: { $0.subject.name == subject.name }) else {
                notes.append("new, and not compared: \(subject.name)")
                continue
            }
            if old.planDigest != subject.planDigest {
                differing.append("\(subject.name) (\(old.planDigest) and \(subject.planDigest))")
            }
            var common = subject
            common.clocks = subject.clocks.filter(old.clocks.contains)
            pairs.append(Pair(subject: common, base: other, head: number))
            notes += subject.clocks.filter { !old.clocks.contains($0) }
                .map { "new, and not compared: \(subject.name), on the \($0.rawValue) clock" }
            lost += old.clocks.filter { !subject.clocks.contains($0) }.map { clock in
                subject.row(
                    RegressionRow.clock,
                    verdict(RegressionRow.clock),
                    "the base build runs it on the \(clock.rawValue) clock and the head build does not; if that is meant, "
                        + "--accept \(RegressionRow.clock)"
                )
            }
        }
        let reason = head.problems.first.map { " (it cannot read \($0))" } ?? ""
        for (_, subject) in former where !subjects.contains(where: { $0.name == subject.name }) {
            subjects.append(subject)
            lost.append(
                subject.row(
                    RegressionRow.target,
                    verdict(RegressionRow.target),
                    "the base build can run it and the head build cannot\(reason); if that is meant, --accept "
                        + RegressionRow.target
                )
            )
        }
    }

    /// The subjects whose targets globs take.
    ///
    /// - Parameters:
    ///   - subjects: What a build can run.
    ///   - targets: Globs over targets; empty takes all.
    /// - Returns: The subjects with their numbers.
    public static func taken(_ subjects: [GateSubject], _ targets: [String]) -> [(number: Int, subject: GateSubject)] {
        let globs = targets.map { Glob($0) }
        return subjects.enumerated().filter { _, subject in
            globs.isEmpty || globs.contains { $0.matches(subject.target) }
        }.map { ($0.offset, $0.element) }
    }
}
