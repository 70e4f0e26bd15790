internal import EphemeralTime

/// Runs one target once: makes it, loads it, drains it, shuts it down, and works out what came of it.
struct TargetRunner: Sendable {
    let plan: Plan
    let spec: TargetSpec
    let plugin: any Target.Type
    let registry: PluginRegistry
    let identity: RunIdentity
    let observer: any RunObserver
    let interruption: Interruption
    let limits: RunLimits
    /// Time source and executor of runs on the machine's clock.
    let machine: RunStage
    let virtualLimits: VirtualRunLimits
    /// Whether an invariant looks at what the target says of itself during the run.
    let wantsSamples: Bool

    /// Runs the target.
    func run() async -> FinishedRun {
        switch identity.clock {
        case .real:
            let reading = CPUReading()
            let course = makeCourse(on: machine)
            let result = await perform(course)
            let contention = reading.contention
            var finished = finish(course, result)
            finished.contention = contention
            return finished
        case .virtual:
            return await runVirtually()
        }
    }

    /// Everything of a run that exists before its target.
    struct Course: Sendable {
        let stage: RunStage
        let recorder: RunRecorder
        let control: LoadControl
        let signals: RunSignals
        let levelNote: String?
        /// What sees whether the run leaves virtual time.
        var watch: EscapeWatch?
    }

    func makeCourse(on stage: RunStage) -> Course {
        let (level, levelNote) = effectiveLevel
        let signals = RunSignals(stage: stage)
        let recorder = RunRecorder(
            level: level,
            plan: plan,
            historyLimit: limits.historyEvents,
            clock: RecordingClock(stage.virtualTime)
        ) {
            signals.requestStop(.historyFull)
        }
        let gate = EmptyGate(counters: recorder.counters) { signals.noteEmpty() }
        let completions = awaitsFinishing ? CompletionTable() : nil
        let control = LoadControl(recorder: recorder, gate: gate, completions: completions)
        return Course(stage: stage, recorder: recorder, control: control, signals: signals, levelNote: levelNote)
    }

    /// Makes the target, loads it, drains it and shuts it down.
    ///
    /// - Returns: What is left to be worked out, or why the target could not be made.
    func perform(_ course: Course) async -> Result<RunSession.Outcome, any Error> {
        let execution = OperationExecution(
            plan: plan,
            recorder: course.recorder,
            stage: course.stage,
            gate: course.control.gate,
            completions: course.control.completions,
            endsAreTold: plugin.capabilities.ending == .told
        )
        var environment = TargetEnvironment(
            body: execution.makeBody(),
            time: course.stage.time,
            executor: course.stage.executor,
            observer: execution.makeObserver()
        )
        environment.lanes = plan.scenario.load.lanes.names
        environment.seed = plan.scenario.seed
        environment.registry = registry
        do {
            let instance = try await plugin.makeInstance(options: spec.options, environment: environment)
            let session = RunSession(
                runner: self,
                stage: course.stage,
                recorder: course.recorder,
                control: course.control,
                signals: course.signals,
                watch: course.watch,
                instance: instance
            )
            return .success(await session.run())
        } catch {
            return .failure(error)
        }
    }

    /// Works out the figures of a run.
    func finish(_ course: Course, _ result: Result<RunSession.Outcome, any Error>) -> FinishedRun {
        switch result {
        case .failure(let error):
            return failed("target '\(spec.id)' could not be made: \(error)")
        case .success(let outcome):
            var finished = FinishedRun(
                target: spec,
                capabilities: plugin.capabilities,
                identity: identity,
                plan: plan,
                recorder: course.recorder,
                outcome: outcome
            )
            if let note = course.levelNote { finished.notes.append(note) }
            return finished
        }
    }

    /// A run of which nothing is known, or only why.
    func failed(_ objection: String?) -> FinishedRun {
        FinishedRun(
            target: spec,
            capabilities: plugin.capabilities,
            identity: identity,
            plan: plan,
            objection: objection
        )
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
