internal import CHarnessSystem
internal import EphemeralTime

/// One run of one target from its first phase to its shutdown.
struct RunSession: Sendable {
    let runner: TargetRunner
    let stage: RunStage
    let recorder: RunRecorder
    let control: LoadControl
    let signals: RunSignals
    /// What sees whether the run leaves virtual time.
    let watch: EscapeWatch?
    let instance: any TargetInstance
    /// Tasks that submit.
    let submissions: RunTasks
    /// The task of a target that pulls.
    let pulling: RunTasks
    /// Drains that the timeline asks for.
    let draining: RunTasks

    init(
        runner: TargetRunner,
        stage: RunStage,
        recorder: RunRecorder,
        control: LoadControl,
        signals: RunSignals,
        watch: EscapeWatch?,
        instance: any TargetInstance
    ) {
        self.runner = runner
        self.stage = stage
        self.recorder = recorder
        self.control = control
        self.signals = signals
        self.watch = watch
        self.instance = instance
        submissions = RunTasks(executor: stage.executor)
        pulling = RunTasks(executor: stage.executor)
        draining = RunTasks(executor: stage.executor)
    }

    private var plan: Plan { runner.plan }
    private var scenario: Scenario { runner.plan.scenario }
    private var pulls: Bool { runner.plugin.capabilities.intake == .pull }

    /// What a run leaves to be worked out.
    struct Outcome: Sendable {
        var report: Conductor.Report
        var ending: Ending
        var peakResident: Int?
    }

    func run() async -> Outcome {
        let port = instance.signals
        port?.observe { [recorder] in recorder.observe($0) }
        let resetsPeak = stage.virtualTime == nil && harness_reset_peak_resident() != 0
        runner.observer.runStarted(runner.identity)
        let conductor = prepare(port)
        let progress = ProgressTicker(interval: runner.limits.progressInterval) { [recorder, control, runner] in
            guard recorder.hasBegun else { return }
            let phase = control.isOver ? nil : control.currentPhase
            runner.report(phase: phase, at: recorder.nowFromOutside, recorder.counters.tally)
        }
        let sampler = makeSampler()
        let sampling = sampler.map { sampler in
            stage.ticking(every: runner.limits.sampleInterval) { sampler.tick() }
        }
        let report = await runner.interruption.whileHearing(
            { [signals] in signals.requestStop(.interrupted) },
            { await conductor.run() }
        )
        let ending = await windDown(after: report, sampler)
        sampling?.cancel()
        progress.cancel()
        return Outcome(
            report: report,
            ending: ending,
            peakResident: resetsPeak ? Int(harness_usage().peak_resident_bytes) : nil
        )
    }

    /// Samples need a history to stand in.
    private func makeSampler() -> Sampler? {
        guard runner.wantsSamples, recorder.level == .history else { return nil }
        return (instance as? any SampledInstance).map { Sampler(instance: $0, recorder: recorder) }
    }

    /// Starts the submitters and makes the conductor that leads them.
    private func prepare(_ port: (any SignalPort)?) -> Conductor {
        var submitter: ArrivalSubmitter?
        switch scenario.load.model {
        case .open:
            submitter = ArrivalSubmitter(
                plan: plan,
                recorder: recorder,
                gate: control.gate,
                tasks: submissions,
                destination: pulls ? .pull(startPullBuffer()) : .push(instance)
            )
        case .closed(_, nil, .accepted) where pulls:
            let source = SaturatingSource(plan: plan, control: control)
            // A plain sequence ends at the first pull that finds no load, so the first pull waits for the first phase.
            startPulling(source.source, after: { [control] in _ = await control.waitUntilOpen() }) { source.hasEnded }
        case .closed(let producers, let think, let awaiting):
            let intake: any Intake = pulls ? startPullBuffer() : PushIntake(instance: instance)
            startProducers(producers, intake: intake, hasThinkTime: think != nil, awaiting: awaiting)
        }
        let names = scenario.load.phases.map(\.name)
        return Conductor(
            plan: plan,
            control: control,
            signals: signals,
            submitter: submitter,
            timeline: TimelinePlayer(
                scenario: scenario,
                instance: instance,
                signals: port,
                controls: runner.plugin.capabilities.controls,
                onRaise: { [recorder] in recorder.sending($0) },
                drain: { [draining, instance] in
                    // What keeps the drain from ending is seen when the run itself drains the target.
                    draining.start { try? await instance.drain() }
                },
                now: { [recorder] in recorder.now }
            ),
            onPhase: { [runner] in runner.observer.phaseStarted(names[$0], of: runner.identity) }
        )
    }

    private func startProducers(_ count: Int, intake: any Intake, hasThinkTime: Bool, awaiting: Load.Awaiting) {
        for _ in 0..<count {
            let producer = Producer(
                plan: plan,
                control: control,
                intake: intake,
                time: stage.time,
                awaiting: awaiting,
                hasThinkTime: hasThinkTime,
                ledger: recorder.counters.makeLedger()
            )
            submissions.start { await producer.run() }
        }
    }

    private func startPullBuffer() -> PullBuffer {
        let buffer = PullBuffer { [recorder, control] offer in
            recorder.settled(offer, accepted: true, at: recorder.eventTime)
            recorder.counters.accepted()
            control.gate.leave()
        } onPush: { [control] in
            control.gate.enter()
        }
        control.onFinish { buffer.close() }
        startPulling(buffer.source, after: {}) { false }
        return buffer
    }

    private func startPulling(
        _ source: OperationSource,
        after ready: @escaping @Sendable () async -> Void,
        hasEnded: @escaping @Sendable () -> Bool
    ) {
        pulling.start { [instance, signals, control] in
            await ready()
            do {
                try await instance.run(source)
                guard !control.isOver, !hasEnded() else { return }
                signals.requestStop(.sourceLeft("it returned before the operations had ended"))
            } catch {
                guard !control.isOver else { return }
                signals.requestStop(.sourceLeft("it threw \(error)"))
            }
        }
    }
}
