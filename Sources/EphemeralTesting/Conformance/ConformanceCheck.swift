/// One rule that coordinators keep, and the way to find out.
public struct ConformanceCheck: Sendable, Identifiable {
    /// What the check is called.
    public let id: String
    /// The rule, as a sentence.
    public let rule: String
    /// Whether the rule is about callers that wait for room in the queue.
    public let isAboutWaiting: Bool
    let body: @Sendable (ConformanceStage) async throws -> Void

    init(
        _ id: String,
        _ rule: String,
        isAboutWaiting: Bool = false,
        body: @escaping @Sendable (ConformanceStage) async throws -> Void
    ) {
        self.id = id
        self.rule = rule
        self.isAboutWaiting = isAboutWaiting
        self.body = body
    }
}

extension ConformanceCheck: CustomStringConvertible {
    /// The text shown to people.
    public var description: String { id }
}

/// A rule that a coordinator or another checked type breaks.
public struct ConformanceFailure: Error, Sendable {
    /// The check that found it; see ``ConformanceCheck/id``.
    public let check: String
    /// The rule; see ``ConformanceCheck/rule``.
    public let rule: String
    /// What was seen instead.
    public let observation: String

    package init(check: String, rule: String, observation: String) {
        self.check = check
        self.rule = rule
        self.observation = observation
    }
}

extension ConformanceFailure: CustomStringConvertible {
    /// The text shown to people.
    public var description: String { "\(check): \(rule) But \(observation)." }
}
