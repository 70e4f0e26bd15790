internal import EphemeralTime

/// One loop of a closed load: submit, wait, think, submit again.
struct Producer: Sendable {
    let plan: Plan
    let control: LoadControl
    let intake: any Intake
    let time: any TimeSource
    let awaiting: Load.Awaiting
    let hasThinkTime: Bool
    let ledger: SubmissionLedger

    /// Numbers claimed at a time by a producer that does not wait for its operations.
    private static let blockSize = 64
    /// A producer that never has to suspend lets others have its thread after this many blocks.
    private static let blocksBetweenYields = 16

    /// Runs until the load is over.
    ///
    /// **Cancellation**: a submission that is under way throws and counts as refused; the loop ends.
    func run() async {
        while await control.waitUntilOpen(), !Task.isCancelled {
            control.gate.enter()
            switch awaiting {
            case .accepted: await saturate()
            case .finished: await alternate()
            }
            control.gate.leave()
        }
    }

    private func saturate() async {
        let recorder = control.recorder
        var blocks = 0
        while control.isOpen {
            let phase = control.currentPhase
            guard let block = control.claims.claim(upTo: hasThinkTime ? 1 : Self.blockSize) else {
                control.exhaust(phase: phase)
                return
            }
            var now = recorder.eventTime
            for index in block {
                if hasThinkTime {
                    guard await think(before: index) else { return }
                    now = recorder.eventTime
                }
                let offer = offer(index, at: now)
                // Not `trySubmit` first: a full target would have to look for room twice for every operation.
                guard let outcome = try? await intake.submit(offer) else {
                    settle(offer, accepted: false, at: recorder.eventTime)
                    return
                }
                // The end of one submission is the beginning of the next: one reading of the clock serves both.
                now = recorder.eventTime
                settle(offer, accepted: outcome == .accepted, at: now)
            }
            blocks += 1
            if blocks % Self.blocksBetweenYields == 0 { await Task.yield() }
        }
    }

    private func alternate() async {
        let recorder = control.recorder
        while control.isOpen {
            let phase = control.currentPhase
            guard let index = control.claims.claimOne() else {
                control.exhaust(phase: phase)
                return
            }
            if hasThinkTime, await !think(before: index) { return }
            control.completions?.expect(index)
            let offer = offer(index, at: recorder.eventTime)
            let accepted: Bool
            switch intake.trySubmit(offer) {
            case .wouldSuspend:
                guard let outcome = await submitSuspending(offer) else {
                    control.completions?.forget(index)
                    return
                }
                accepted = outcome
            case let outcome:
                accepted = outcome == .accepted
                settle(offer, accepted: accepted, at: recorder.eventTime)
            }
            if accepted {
                await control.completions?.wait(for: index)
            } else {
                control.completions?.forget(index)
                // A target that refuses at once would otherwise keep this loop, and with it a thread, to itself.
                await Task.yield()
            }
        }
    }

    /// Waits out the think time; `false` when the load is over or the task was cancelled meanwhile.
    private func think(before index: Int) async -> Bool {
        do {
            try await time.sleep(for: .nanoseconds(plan.thinkTime(before: index)))
            return control.isOpen
        } catch {
            return false
        }
    }

    private func offer(_ index: Int, at now: Int64) -> Offer {
        let operation = plan.operation(index)
        let offer = Offer(operation: operation, intended: now, submitted: now, phase: control.currentPhase)
        control.recorder.offering(offer)
        ledger.offered()
        return offer
    }

    /// Returns whether the target took the operation; `nil` when it threw.
    private func submitSuspending(_ offer: Offer) async -> Bool? {
        do {
            let outcome = try await intake.submit(offer)
            settle(offer, accepted: outcome == .accepted, at: control.recorder.eventTime)
            return outcome == .accepted
        } catch {
            settle(offer, accepted: false, at: control.recorder.eventTime)
            return nil
        }
    }

    private func settle(_ offer: Offer, accepted: Bool, at now: Int64) {
        guard !intake.answersLater else { return }
        control.recorder.settled(offer, accepted: accepted, at: now)
        ledger.settled(accepted: accepted)
    }
}
