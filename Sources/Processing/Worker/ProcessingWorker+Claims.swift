internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

extension ProcessingWorker {
    /// Claims as many jobs as there are places, for as long as the worker is not told to stop.
    func claimJobs(into coordinator: WorkCoordinator<ClaimedJob>) async {
        var (failures, turn) = (0, 0)
        while true {
            let ticket = bell.ticket
            let (isStopping, held, queues) = state.withLock { ($0.isStopping, $0.held.count, $0.queues) }
            if isStopping { return }
            let room = options.maxWorkers + options.prefetch - held
            // Claims ahead are made for several at a time, at the cost of one.
            guard room > options.prefetch / 2 else {
                // Ends with a ring, and with the cancellation that belongs to a stop.
                try? await bell.wait(after: ticket)
                continue
            }
            turn += 1
            do {
                let now = manager.time.now
                let jobs = try await manager.store.claim(request(room, from: queues, turn: turn))
                failures = 0
                state.withLock { state in
                    state.noteAnswer(at: manager.time.now)
                    state.hold(jobs, since: now)
                }
                for job in jobs { _ = coordinator.tryEnqueue(job) }
            } catch is CancellationError {
                continue
            } catch {
                failures += 1
                await recover(from: error, failures: failures)
            }
        }
    }

    private func request(_ count: Int, from queues: [String], turn: Int) -> ClaimRequest {
        let isFair = options.fairness.map { turn.isMultiple(of: $0) } ?? false
        return ClaimRequest(
            worker: id,
            queues: queues,
            count: count,
            lease: options.lease,
            patience: options.patience,
            priorities: isFair ? JobPriority.allCases.reversed() : JobPriority.allCases
        )
    }

    /// Waits for a while after the store has failed; a store that was shut down ends the worker.
    private func recover(from error: any Error, failures: Int) async {
        note(error)
        if (error as? ProcessingError)?.code == .closed { return requestStop(grace: .zero) }
        // Ends early with the cancellation that belongs to a stop.
        try? await manager.time.sleep(for: pause(of: options.reconnect, after: failures))
    }

    func note(_ error: any Error) {
        state.withLock { $0.noteProblem("\(error)") }
        manager.noteStoreFailure(error)
    }

    /// Lets running jobs go on for the grace, and hands back what is left.
    func windDown(_ coordinator: WorkCoordinator<ClaimedJob>) async {
        await release(state.withLock { $0.drop { !$0.isStarted } })
        await waitForEnds { $0.graceEnds }
        for cancel in state.withLock({ $0.handBack() }) { cancel() }
        let patienceEnds = manager.time.now.advanced(by: options.cancellationPatience)
        await waitForEnds { _ in patienceEnds }
        await release(state.withLock { $0.drop { _ in true } })
        coordinator.cancel()
        // Processors that take no notice of their cancellation are left behind; their results are discarded.
        try? await coordinator.drain(timeout: options.cancellationPatience)
    }

    private func waitForEnds(until end: @Sendable (WorkerState) -> ContinuousClock.Instant?) async {
        while true {
            let ticket = bell.ticket
            let (isDone, end) = state.withLock { ($0.held.isEmpty, end($0)) }
            guard !isDone, let end, manager.time.now < end else { return }
            // The wait is not cut short: a cancelled run has no grace in the first place.
            let wait = manager.tasks.spawn("Processing grace") { [bell, manager] in
                try? await bell.wait(after: ticket, until: end, by: manager.time)
            }
            _ = await wait.value
        }
    }

    private func release(_ jobs: [WorkerState.Held]) async {
        guard !jobs.isEmpty else { return }
        do {
            // Handing back must get through although the worker's own task may be cancelled.
            let task = manager.tasks.spawn("Processing release") { [manager] in
                await Result.catching {
                    try await manager.store.settle(jobs.map { JobSettlement($0.claimed.lease, .release) })
                }
            }
            let outcomes = try await task.value.get()
            state.withLock { $0.noteReleased(outcomes.filter { $0 == .released }.count) }
        } catch {
            // Their leases run out instead.
            note(error)
        }
    }
}
