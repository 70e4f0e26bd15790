/// What the harness tells the shell.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    case pass = 0
    /// Wrong usage, or a scenario with errors.
    case usageError = 1
    case regression = 2
    case expectationFailed = 3
    case invariantViolated = 4
    case invalidOrInconclusive = 5
    case interrupted = 130

    /// The status of one scenario's result.
    ///
    /// - Parameter result: The result; of several reasons, the gravest counts.
    public init(_ result: RunResult) {
        let missed = result.expectations.contains { $0.level == .fail && $0.verdict == .fail }
        let reports = result.seeds?.flatMap(\.reports) ?? []
        self = .gravest(of: [
            result.interrupted ? .interrupted : .pass,
            result.runs.contains(where: \.violatesInvariant) || reports.contains { !$0.violations.isEmpty }
                ? .invariantViolated : .pass,
            missed || reports.contains { $0.verdict == .fail && $0.violations.isEmpty } ? .expectationFailed : .pass,
            result.regressions?.contains(where: \.isBlocking) == true ? .regression : .pass,
            result.verdict == .pass ? .pass : .invalidOrInconclusive,
        ])
    }

    /// The status of several scenarios together.
    ///
    /// - Parameter statuses: One per scenario.
    /// - Returns: The first present of interrupted, 4, 3, 2, 5 and 1; else pass.
    public static func gravest(of statuses: [ExitStatus]) -> ExitStatus {
        let order: [ExitStatus] = [
            .interrupted, .invariantViolated, .expectationFailed, .regression, .invalidOrInconclusive, .usageError,
        ]
        return order.first { statuses.contains($0) } ?? .pass
    }
}
