/// What an invariant says of a run.
public struct InvariantResult: Codable, Sendable, Equatable {
    /// The invariant's id.
    public var use: String
    /// Its options, as the scenario gives them.
    public var options: JSONValue
    /// Its answer.
    public var verdict: InvariantVerdict
    /// Why: what was checked, the counter-example, or why it could not be answered.
    public var detail: String
    /// The events that show a violation; `nil` where there is none, or nothing is recorded of it.
    public var counterExample: CounterExample?

    /// Creates an answer.
    public init(use: String, options: JSONValue, verdict: InvariantVerdict, detail: String) {
        self.use = use
        self.options = options
        self.verdict = verdict
        self.detail = detail
    }
}

/// The three answers of an invariant.
public enum InvariantVerdict: String, Codable, Sendable, CaseIterable {
    case pass
    case fail
    /// Nothing in the run exercised it, or the recording level cannot tell.
    case unknown
}

/// What an expectation says of a target.
public struct ExpectationResult: Codable, Sendable, Equatable {
    /// The condition as written.
    public var that: String
    /// The target that it was judged for.
    public var target: String
    /// The clock that it was judged on.
    public var clock: RunClock?
    /// The phase that it is limited to.
    public var phase: String?
    /// Further words on where it applies: `window 1s...4s`, `after deferred.end`, `versus peer-*`.
    public var scope: String?
    /// What a miss means.
    public var level: Expectation.Level
    /// Its answer.
    public var verdict: Verdict
    /// The measured value in the metric's base unit; `nil` when nothing was measured.
    public var measured: Metric?
    /// How far the value is from the limit, as a share of the limit; positive is on the good side.
    public var margin: Double?
    /// What else there is to say, as why nothing was measured.
    public var detail: String?

    /// Creates an answer without a measured value.
    public init(that: String, target: String, level: Expectation.Level, verdict: Verdict) {
        self.that = that
        self.target = target
        self.level = level
        self.verdict = verdict
    }
}
