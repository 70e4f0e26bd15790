internal import EphemeralTime
internal import Synchronization

extension RunSession {
    /// What happened after the load's end.
    struct Ending: Sendable {
        var closing = RunClosing.drained
        var accounting = TargetAccounting()
        var history: History?
        var tally = Tally()
        var leftovers: RunLeftovers?
        var notes: [String] = []
        /// Why the run does not count, beside what the load has to say.
        var objections: [String] = []
    }

    /// Waits for what is in flight, reads the target's accounts and shuts it down; nothing here takes for ever.
    func windDown(after report: Conductor.Report, _ sampler: Sampler?) async -> Ending {
        var ending = Ending()
        let wait = BoundedWait(
            stage: stage,
            interruption: runner.interruption,
            interruptedLimit: runner.limits.interruptedDrain
        )
        let patience = patience(after: report)
        let failure = DrainFailure()
        let drained = await wait(patience) { [instance, submissions] in
            await submissions.waitUntilEnded()
            do {
                try await instance.drain()
            } catch {
                failure.note("\(error)")
            }
        }
        if !drained, let time = stage.virtualTime { watch?.awaitReturn(to: time) }
        ending.accounting = instance.accounting()
        if let error = failure.message {
            ending.objections.append("the target's drain failed: \(error)")
        }
        if !drained {
            ending.closing = .gaveUp(at: recorder.now)
            ending.objections.append(
                "the target had not drained \(patience) after the load's end, with "
                    + "\(max(0, recorder.counters.tally.inFlight)) operations in flight; it was shut down"
            )
        } else if failure.message != nil {
            ending.closing = .gaveUp(at: recorder.now)
        }
        if let last = report.passages.last, last.ending == .limit, scenarioPhase(last.phase).isDraining {
            ending.closing = .gaveUp(at: last.end)
        }
        let samples = sampler?.stop() ?? []
        ending.history = recorder.history(of: runner.plan)
        ending.history?.samples = samples
        ending.tally = recorder.counters.tally
        submissions.cancelAll()
        pulling.cancelAll()
        draining.cancelAll()
        let ended = await wait(runner.limits.shutdown) { [instance, submissions, pulling, draining] in
            await instance.shutdown()
            await submissions.waitUntilEnded()
            await draining.waitUntilEnded()
            await pulling.waitUntilEnded()
        }
        ending.leftovers = RunLeftovers(bodies: recorder.concurrency.current)
        if !ended {
            ending.objections.append(
                "the target's shutdown did not end within \(runner.limits.shutdown); it was left behind"
            )
        }
        return ending
    }

    private func scenarioPhase(_ number: Int) -> Phase { runner.plan.scenario.load.phases[number] }

    /// A scenario that names its own limit for draining is not waited for much longer.
    private func patience(after report: Conductor.Report) -> Duration {
        guard let last = report.passages.last else { return runner.limits.drain }
        let gaveUp = last.ending == .limit && scenarioPhase(last.phase).isDraining
        return gaveUp ? min(runner.limits.interruptedDrain, runner.limits.drain) : runner.limits.drain
    }
}

/// What a drain threw.
private final class DrainFailure: Sendable {
    private let text = Mutex<String?>(nil)

    func note(_ message: String) { text.withLock { $0 = message } }

    var message: String? { text.withLock(\.self) }
}
