internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

extension ProcessingWorker {
    /// Makes one attempt and reports its end.
    func attempt(_ claimed: ClaimedJob) async {
        let (job, token) = (claimed.job, claimed.lease.token)
        // A job that may not begin is handed back when the worker winds down, or is lost already.
        guard state.withLock({ $0.begin(token) }) else { return }
        signal("job.started", job)
        manager.options.observer?.jobStarted(job)
        let start = manager.time.now
        let result = await run(claimed)
        guard state.withLock({ $0.holds(token) }) else { return }
        let verdict = verdict(on: result, job)
        guard let outcome = await settle(JobSettlement(claimed.lease, verdict)) else {
            let lost = state.withLock { $0.drop { $0.claimed.lease.token == token } }
            state.withLock { $0.noteLost(lost.count) }
            return bell.ring()
        }
        state.withLock { $0.end(token, outcome) }
        bell.ring()
        tell(outcome, job, duration: start.duration(to: manager.time.now))
    }

    /// Runs the processor in a task that is cancelled when the lease is lost, and with the end of the grace.
    private func run(_ claimed: ClaimedJob) async -> Result<Void, any Error> {
        let job = claimed.job
        let context = ProcessingContext(
            operationID: job.id.rawValue,
            attempt: job.attempts + 1,
            queue: job.queue,
            tags: job.tags
        )
        let task = manager.tasks.spawn("Processing \(job.operation)") { [processors = manager.processors] in
            await Result.catching {
                _ = try await processors.run(job.operation, payload: job.payload, context: context)
            }
        }
        if !state.withLock({ $0.attach(claimed.lease.token) { task.cancel() } }) { task.cancel() }
        return await task.value
    }

    private func verdict(on result: Result<Void, any Error>, _ job: Job) -> JobVerdict {
        switch result {
        case .success: return .done
        case .failure(let error as UserError): return .bury(.refused, error: "\(error)")
        case .failure(let error as MalformedPayload): return .bury(.malformedPayload, error: "\(error.error)")
        case .failure(let error):
            if state.withLock({ $0.isHandingBack }) { return .release }
            guard manager.processors.contains(job.operation) else {
                return .bury(.unknownProcessor, error: "\(error)")
            }
            return .retry(after: pause(of: options.retry, after: job.attempts + 1), error: "\(error)")
        }
    }

    /// Reports the end of an attempt, again and again while the store does not answer and the lease may still be held.
    private func settle(_ settlement: JobSettlement) async -> SettlementOutcome? {
        var failures = 0
        while true {
            do {
                let outcome = try await manager.store.settle([settlement]).first
                state.withLock { $0.noteAnswer(at: manager.time.now) }
                return outcome
            } catch {
                failures += 1
                note(error)
                if (error as? ProcessingError)?.code == .closed { return nil }
                try? await manager.time.sleep(for: pause(of: options.reconnect, after: failures))
                guard !Task.isCancelled, state.withLock({ $0.holds(settlement.lease.token) }) else { return nil }
            }
        }
    }

    /// How long to wait after so many failures.
    func pause(of policy: RetryPolicy, after failures: Int) -> Duration {
        policy.pause(afterAttempt: failures, chance: manager.options.chance())
    }

    private func tell(_ outcome: SettlementOutcome, _ job: Job, duration: Duration) {
        switch outcome {
        case .done: signal("job.completed", job)
        case .delayed: signal("job.retry:\(job.attempts + 1)", job)
        case .buried: signal("job.deadletter:\(job.queue):\(job.id)", job)
        case .released: signal("job.released", job)
        case .leaseLost:
            signal("job.lease_lost:\(job.queue)", job)
            manager.options.observer?.leaseLost(job)
        }
        manager.options.observer?.jobEnded(job, outcome: outcome, duration: duration)
    }

    private func signal(_ name: @autoclosure () -> String, _ job: Job) {
        manager.options.sink?.raise(name(), key: job.id.rawValue)
    }
}
