public import HarnessKit

/// The checks of a run as test cases, for services that show test results.
public enum JUnitReport: ReportRenderer {
    /// The format's fixed name.
    public static let id = "junit"
    /// One sentence for `harness list`.
    public static let summary = "Invariants, expectations and validity of each target as test cases (junit.xml)."

    /// Renders a result as `junit.xml`.
    public static func render(_ result: RunResult) -> [ReportFile] {
        let result = result.namedByClock
        var suite = JUnitDocument.Suite(name: result.scenario.name)
        suite.timestamp = result.environment.startedAt
        suite.seconds = result.environment.seconds
        for target in result.targetNames {
            let group = "\(result.scenario.name).\(target)"
            let runs = result.runs.filter { $0.target == target }
            suite.cases.append(validity(runs, group: group))
            suite.cases += InvariantFinding.all(in: result).compactMap { invariant($0, target: target, group: group) }
            suite.cases += result.expectations.filter { $0.target == target }.map { expectation($0, group: group) }
        }
        suite.cases += regressions(result)
        let document = JUnitDocument(name: result.scenario.name, suites: [suite])
        return [ReportFile(name: "junit.xml", text: document.text)]
    }

    private static func validity(_ runs: [TargetRun], group: String) -> JUnitDocument.Case {
        var test = JUnitDocument.Case(name: "measured what was asked for", group: group)
        let doubtful = runs.filter { $0.validity.verdict != .pass }
        if let run = doubtful.first(where: { $0.validity.verdict == .invalid }) {
            let reasons = run.validity.reasons.joined(separator: "; ")
            test.outcome = .failed(message: run.validity.reasons.first ?? "invalid", text: reasons)
        } else if let run = doubtful.first {
            test.outcome = .skipped(message: run.validity.reasons.first ?? "inconclusive")
        }
        return test
    }

    private static func invariant(
        _ finding: InvariantFinding,
        target: String,
        group: String
    ) -> JUnitDocument.Case? {
        let answers = finding.answers.filter { $0.target == target }
        guard !answers.isEmpty else { return nil }
        var test = JUnitDocument.Case(name: "invariant \(finding.label)", group: group)
        if let violated = answers.first(where: { $0.verdict == .fail }) {
            test.outcome = .failed(message: violated.detail, text: violated.detail)
        } else if let open = answers.first(where: { $0.verdict == .unknown }) {
            test.outcome = .skipped(message: open.detail)
        }
        return test
    }

    private static func expectation(_ result: ExpectationResult, group: String) -> JUnitDocument.Case {
        let place = [result.phase.map { "phase \($0)" }, result.scope, result.clock?.rawValue].compactMap(\.self)
        let suffix = place.isEmpty ? "" : " (\(place.joined(separator: ", ")))"
        var test = JUnitDocument.Case(name: "expectation \(result.that)\(suffix)", group: group)
        let measured = "measured \(result.measuredText)"
        switch (result.verdict, result.level) {
        case (.pass, _): test.output = measured
        case (.fail, .fail):
            test.outcome = .failed(
                message: measured,
                text: [measured, result.detail].compactMap(\.self).joined(separator: "; ")
            )
        case (.fail, .warn): test.outcome = .skipped(message: "a warning only: \(measured)")
        default: test.outcome = .skipped(message: result.detail ?? "could not be judged")
        }
        return test
    }

    private static func regressions(_ result: RunResult) -> [JUnitDocument.Case] {
        (result.regressions ?? []).map { $0.testCase }
    }
}
