/// One run of one target with everything that expectations are judged by.
public struct RunArtifacts: Sendable {
    /// The run's figures, with its phases, totals and events already worked out.
    public var run: TargetRun
    /// The run's history; `nil` when the recording level keeps none.
    public var history: History?
    /// The plan that was run.
    public var plan: Plan
    /// When the phases began and ended.
    public var spans: [PhaseSpan]
    /// How the run ended.
    public var closing: RunClosing

    /// Creates the artifacts of a run.
    public init(
        run: TargetRun,
        history: History?,
        plan: Plan,
        spans: [PhaseSpan],
        closing: RunClosing = .drained
    ) {
        self.run = run
        self.history = history
        self.plan = plan
        self.spans = spans
        self.closing = closing
    }
}
