internal import CHarnessSystem
internal import EphemeralTime

/// Runs one target once: makes it, loads it, drains it, shuts it down, and works out what came of it.
struct TargetRunner: Sendable {
    let plan: Plan
    let spec: TargetSpec
    let plugin: any Target.Type
    let identity: RunIdentity
    let observer: any RunObserver
    let interruption: Interruption
    let limits: RunLimits
    let time: any TimeSource
    let executor: (any TaskExecutor)?
    /// Whether an invariant looks at what the target says of itself during the run.
    let wantsSamples: Bool

    /// Runs the target.
    func run() async -> FinishedRun {
        let (level, levelNote) = effectiveLevel
        let signals = RunSignals()
        let recorder = RunRecorder(level: level, plan: plan, historyLimit: limits.historyEvents) {
            signals.requestStop(.historyFull)
        }
        let gate = EmptyGate(counters: recorder.counters) { signals.noteEmpty() }
        let completions = awaitsFinishing ? CompletionTable() : nil
        let execution = OperationExecution(
            plan: plan,
            recorder: recorder,
            time: time,
            gate: gate,
            completions: completions
        )
        var environment = TargetEnvironment(
            body: execution.makeBody(),
            time: time,
            executor: executor,
            observer: execution.makeObserver()
        )
        environment.lanes = plan.scenario.load.lanes.names
        let instance: any TargetInstance
        do {
            instance = try await plugin.makeInstance(options: spec.options, environment: environment)
        } catch {
            return FinishedRun(
                target: spec,
                capabilities: plugin.capabilities,
                identity: identity,
                plan: plan,
                objection: "target '\(spec.id)' could not be made: \(error)"
            )
        }
        let control = LoadControl(recorder: recorder, gate: gate, completions: completions)
        let session = RunSession(
            runner: self,
            recorder: recorder,
            control: control,
            signals: signals,
            instance: instance
        )
        var finished = await session.run()
        if let levelNote { finished.notes.append(levelNote) }
        return finished
    }

    /// Tells the observer how far the run is; no phase means that the load is over.
    func report(phase: Int?, at time: Int64, _ tally: Tally) {
        let phases = plan.scenario.load.phases
        observer.progressed(
            RunProgress(
                run: identity,
                phase: phase.map { phases[$0].name } ?? "draining",
                elapsed: Double(time) / 1e9,
                expected: Double(plan.phases.last?.latestEnd ?? 0) / 1e9,
                tally: tally
            )
        )
    }

    private var awaitsFinishing: Bool {
        if case .closed(_, _, .finished) = plan.scenario.load.model { true } else { false }
    }

    /// The scenario's recording level, or the next lower one when the history is known to become too large.
    private var effectiveLevel: (RecordingLevel, note: String?) {
        let level = plan.scenario.record
        let events = plan.intendedStarts.count * Self.eventsPerOperation
        guard level == .history, events > limits.historyEvents else { return (level, nil) }
        return (
            .latency,
            "recorded at level 'latency': \(plan.intendedStarts.count) operations make more events than the "
                + "\(limits.historyEvents) that a history may have"
        )
    }

    /// Submitted, answered, started, ended.
    private static let eventsPerOperation = 4
}

extension Target {
    /// Decodes a scenario's options and makes an instance.
    static func makeInstance(options: JSONValue, environment: TargetEnvironment) async throws -> any TargetInstance {
        try await make(options: options.decode(as: Options.self), environment: environment)
    }
}
