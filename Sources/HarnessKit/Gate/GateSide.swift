/// One of the two builds of a comparison.
public enum GateSide: String, Codable, Sendable, CaseIterable {
    /// The former build.
    case base
    /// The new build.
    case head
}

/// Why a build's process did not do what it was asked for.
public struct GateFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Whose process it is.
    public var side: GateSide
    /// What became of it, as the rest of a sentence that the process begins.
    public var reason: String

    /// Creates a failure.
    public init(side: GateSide, reason: String) {
        self.side = side
        self.reason = reason
    }

    /// The failure in a sentence.
    public var description: String { "the \(side.rawValue) build's process \(reason)" }

    /// The failure as a row: of the new build a regression, of the former one nothing that a verdict can be built on.
    ///
    /// - Parameter subject: What the process was to run.
    /// - Returns: A row of the quantity `process`.
    public func row(of subject: GateSubject) -> RegressionRow {
        subject.row(RegressionRow.process, side == .head ? .regressed : .inconclusive, description)
    }
}

extension GateSubject {
    /// An exact row about the subject as a whole.
    func row(_ quantity: String, _ verdict: RegressionRow.Verdict, _ detail: String) -> RegressionRow {
        var row = RegressionRow(
            scenario: scenario,
            target: target,
            tier: .exact,
            quantity: quantity,
            verdict: verdict
        )
        row.detail = detail
        return row
    }
}
