/// A recorded run, judged anew by the invariants of today.
public struct HistoryReplay: Sendable, Equatable {
    /// The run in a few words.
    public var label: String
    /// What the invariants say.
    public var invariants: [InvariantResult]
    /// Why they could not be asked, or cannot be trusted; `nil` when they can.
    public var objection: String?

    /// Judges a recorded run.
    ///
    /// - Parameters:
    ///   - evidence: What was recorded beside the events.
    ///   - lines: The events as lines of JSON.
    ///   - scenario: The scenario that was run.
    ///   - registry: The invariants and targets of today.
    public init(
        _ evidence: RecordedEvidence,
        lines: some Collection<UInt8>,
        scenario: Scenario,
        registry: PluginRegistry
    ) {
        label = evidence.label
        invariants = []
        guard let plugin = registry.target(evidence.use) else {
            objection = "no target plugin is registered as '\(evidence.use)'"
            return
        }
        do {
            let (events, missing) = try HistoryLines.read(lines, names: evidence.names)
            guard missing == 0, events.count == evidence.events else {
                objection = "the folder holds \(events.count) of \(evidence.events) events, too few to judge"
                return
            }
            var recorded = evidence.evidence(events: events, capabilities: plugin.capabilities)
            plugin.explainOptions(in: &recorded)
            guard recorded.history?.digest == evidence.digest else {
                objection =
                    "the events do not have the digest \(evidence.digest) that was recorded; the folder was changed"
                return
            }
            invariants = Judge.invariants(scenario: scenario, registry: registry, evidence: recorded)
        } catch {
            objection = "\(error)"
        }
    }
}

extension RecordedEvidence {
    /// The run in a few words.
    public var label: String {
        clock == .virtual ? "\(target), in virtual time" : "\(target), repetition \(repetition + 1)"
    }
}
