internal import EphemeralTime

/// What the body of a run does: records each attempt, spends its work, throws what the scenario scripts.
final class OperationExecution: Sendable {
    private let plan: Plan
    private let recorder: RunRecorder
    private let stage: RunStage
    private let gate: EmptyGate
    private let completions: CompletionTable?
    /// Whether the target tells when an operation has ended; otherwise it ends with its first attempt, until there is another.
    private let endsAreTold: Bool

    init(
        plan: Plan,
        recorder: RunRecorder,
        stage: RunStage,
        gate: EmptyGate,
        completions: CompletionTable?,
        endsAreTold: Bool
    ) {
        self.endsAreTold = endsAreTold
        self.plan = plan
        self.recorder = recorder
        self.stage = stage
        self.gate = gate
        self.completions = completions
    }

    /// The body for the target, as short as plan and recording level allow.
    func makeBody() -> OperationBody {
        guard plan.isTrivial, !endsAreTold else {
            return OperationBody { try await self.runScripted($0, at: $1) }
        }
        return switch recorder.level {
        case .counts: OperationBody { self.countTrivial($0) }
        case .latency: OperationBody { self.measureTrivial($0) }
        case .history: OperationBody { self.recordTrivial($0, at: $1) }
        }
    }

    /// How the target tells what the body cannot see.
    func makeObserver() -> TargetObserver {
        TargetObserver { operation in
            self.recorder.discarded(operation)
            self.ended(operation)
        } deliver: { operation, result in
            self.recorder.delivered(operation, result: result)
        } end: { operation, error in
            guard self.endsAreTold else { return }
            self.recorder.ended(operation, error: error)
            self.ended(operation)
        } emit: { operation, signal in
            self.recorder.emitted(operation, signal: signal)
        }
    }

    private func countTrivial(_ operation: Operation) {
        recorder.counters.completed()
        ended(operation)
    }

    // Work that takes no time starts and ends at one instant, so one reading of the clock serves both events; how many
    // ran at one time is seen in the history.
    private func recordTrivial(_ operation: Operation, at place: AttemptPlace) {
        let now = recorder.now
        recorder.assigned(operation, to: place, at: now)
        recorder.log?.record(
            RecordedEvent(time: now, kind: .started, operation: operation.index, attempt: 1),
            RecordedEvent(time: now, kind: .completed, operation: operation.index, attempt: 1)
        )
        recorder.counters.completed()
        ended(operation)
    }

    private func measureTrivial(_ operation: Operation) {
        recorder.concurrency.enter()
        let now = recorder.now
        if let entry = recorder.table?.start(operation.index), let latencies = recorder.latencies {
            recorder.table?.finish(operation.index, succeeded: true)
            latencies.record(
                phase: entry.phase,
                [(.queueWait, now - entry.submitted), (.response, now - entry.intended)]
            )
            latencies.record(phase: entry.phase, .service, 0)
        }
        recorder.counters.completed()
        recorder.concurrency.leave()
        ended(operation)
    }

    private func runScripted(_ operation: Operation, at place: AttemptPlace) async throws {
        recorder.concurrency.enter()
        let attempt = Attempt(of: operation, at: place, recorder: recorder, countsEnds: !endsAreTold)
        let script = plan.script(
            of: operation.index,
            attempt: attempt.number,
            part: place.part,
            intendedStart: attempt.entry?.intended ?? 0,
            start: plan.isTimed ? recorder.now : nil
        )
        do {
            try await spend(script)
        } catch {
            attempt.cancelled()
            bodyEnded(operation)
            throw error
        }
        guard let error = script.error else {
            attempt.completed()
            bodyEnded(operation)
            return
        }
        attempt.failed(error: error + 1)
        bodyEnded(operation)
        throw ScriptedError(name: plan.errorNames[error])
    }

    private func spend(_ script: AttemptScript) async throws {
        var suspended = script.work + script.stall
        if plan.scenario.work.kind == .cpu {
            if script.work > 0 { await compute(script.work) }
            suspended = script.stall
        }
        if suspended > 0 { try await stage.time.sleep(for: .nanoseconds(suspended)) }
    }

    /// Computes; in virtual time, as if every body had a CPU of its own, and as little to be cancelled as on a real one.
    private func compute(_ nanoseconds: Int64) async {
        guard stage.virtualTime != nil else { return CPUBurner.burn(nanoseconds: nanoseconds) }
        let time = stage.time
        await stage.spawn { try? await time.sleep(for: .nanoseconds(nanoseconds)) }.value
    }

    /// The place is left before anybody learns of the end, and may fill it with the next operation.
    private func bodyEnded(_ operation: Operation) {
        recorder.concurrency.leave()
        if !endsAreTold { ended(operation) }
    }

    @inline(__always)
    private func ended(_ operation: Operation) {
        completions?.finish(operation.index)
        gate.check()
    }
}

/// One attempt of an operation while it runs.
private struct Attempt {
    let operation: Operation
    let recorder: RunRecorder
    let entry: OfferEntry?
    let start: Int64
    /// Whether the operation counts by its attempts.
    let countsEnds: Bool

    var number: Int { max(1, entry?.attempts ?? 1) }

    init(of operation: Operation, at place: AttemptPlace, recorder: RunRecorder, countsEnds: Bool) {
        self.operation = operation
        self.countsEnds = countsEnds
        self.recorder = recorder
        entry = recorder.table?.start(operation.index)
        start = recorder.eventTime
        recorder.counters.started()
        recorder.assigned(operation, to: place, at: start)
        recorder.log?.record(
            RecordedEvent(
                time: start,
                kind: .started,
                operation: operation.index,
                attempt: max(1, entry?.attempts ?? 1)
            )
        )
        if let entry, entry.attempts == 1 {
            recorder.latencies?.record(phase: entry.phase, .queueWait, start - entry.submitted)
        }
    }

    func completed() {
        let now = end(.completed)
        // Where the end is told, there the operation has not ended yet.
        guard countsEnds else {
            if let entry { recorder.latencies?.record(phase: entry.phase, .service, now - start) }
            return
        }
        if let entry, let latencies = recorder.latencies {
            latencies.record(phase: entry.phase, [(.service, now - start), (.response, now - entry.intended)])
        }
        recorder.table?.finish(operation.index, succeeded: true)
        recorder.counters.completed()
        takeBackLastEnd()
    }

    // An operation counts by its last attempt: it has failed after the first failure until another attempt ends otherwise.
    func failed(error: Int) {
        end(.failed, error: error)
        recorder.table?.finish(operation.index, succeeded: false)
        guard countsEnds else { return }
        recorder.counters.failed()
        takeBackLastEnd()
    }

    func cancelled() {
        end(.cancelled)
        recorder.table?.finish(operation.index, succeeded: false, cancelled: true)
        guard countsEnds else { return }
        recorder.counters.cancelled()
        takeBackLastEnd()
    }

    /// Takes back what the attempt before counted as.
    private func takeBackLastEnd() {
        guard number > 1, let entry else { return }
        if entry.wasCancelled { recorder.counters.uncancelled() } else { recorder.counters.unfailed() }
    }

    @discardableResult
    private func end(_ kind: HistoryEvent.Kind, error: Int = 0) -> Int64 {
        let now = recorder.eventTime
        recorder.log?.record(
            RecordedEvent(time: now, kind: kind, operation: operation.index, attempt: number, error: error)
        )
        return now
    }
}
