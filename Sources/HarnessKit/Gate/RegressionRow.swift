/// What became of one figure of one target from one build to the next.
public struct RegressionRow: Codable, Sendable, Equatable {
    /// The scenario's name.
    public var scenario: String
    /// The target's id in it.
    public var target: String
    /// How the figure is judged.
    public var tier: Tier
    /// The metric's fixed name, `historyDigest`, or `invariants`.
    public var quantity: String
    /// The judgement.
    public var verdict: Verdict
    /// The former value, a median where there are several.
    public var base: Metric?
    /// The new value.
    public var head: Metric?
    /// The new value divided by the former.
    public var ratio: Double?
    /// The ratio's interval.
    public var interval: ConfidenceInterval?
    /// The share by which the figure may get worse.
    public var margin: Double?
    /// The probability of what was seen if the figure were worse by no more than its margin, adjusted for the number of
    /// rows.
    public var probability: Double?
    /// How many pairs of runs there were.
    public var pairs: Int?
    /// In how many processes of each build.
    public var processes: Int?
    /// What else there is to say: what differs, or why nothing is known.
    public var detail: String?

    /// How a figure is judged.
    public enum Tier: String, Codable, Sendable, CaseIterable {
        /// It is equal or it is not; a difference blocks.
        case exact
        /// By pairs of runs and their scatter; a change beyond the margin blocks.
        case statistical
        /// It is told and blocks nothing.
        case observational
    }

    /// What became of a figure.
    public enum Verdict: String, Codable, Sendable, CaseIterable {
        /// It got worse, or differs where it must not.
        case regressed
        /// It got better.
        case improved
        /// It changed by no more than its margin.
        case same
        /// The runs allow for more than one answer.
        case inconclusive
        /// It differs, and the user has said that this is meant.
        case accepted
        /// Nobody measured it.
        case unmeasured
    }

    /// Creates a row without figures.
    public init(scenario: String, target: String, tier: Tier, quantity: String, verdict: Verdict) {
        self.scenario = scenario
        self.target = target
        self.tier = tier
        self.quantity = quantity
        self.verdict = verdict
    }

    /// Whether the row keeps a change from being merged.
    public var isBlocking: Bool { verdict == .regressed && tier != .observational }
}
