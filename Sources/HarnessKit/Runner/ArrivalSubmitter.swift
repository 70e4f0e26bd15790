internal import EphemeralTime
internal import Histogram

/// Hands the planned arrivals of an open load to the target.
struct ArrivalSubmitter: Sendable {
    /// Where arrivals go.
    enum Destination: Sendable {
        case push(any TargetInstance)
        case pull(PullBuffer)
    }

    let plan: Plan
    let recorder: RunRecorder
    let gate: EmptyGate
    let tasks: RunTasks
    let destination: Destination

    /// Starts handing over; the result belongs to the conductor.
    ///
    /// - Parameter isExact: Whether arrivals that are close together are handed over one after the other nevertheless.
    /// - Returns: The hand-over.
    func begin(isExact: Bool) -> Arrivals { Arrivals(self, isExact: isExact) }

    /// Goes on with a submission that has to suspend, in a task of its own: open producers do not wait for each other.
    fileprivate func submitSuspending(_ offer: Offer, to instance: any TargetInstance) {
        gate.enter()
        tasks.start {
            let accepted: Bool
            do {
                accepted = try await instance.submit(offer.operation) == .accepted
            } catch {
                accepted = false
            }
            recorder.settled(offer, accepted: accepted, at: recorder.eventTime)
            if accepted { recorder.counters.accepted() } else { recorder.counters.refused() }
            gate.leave()
        }
    }
}

/// How late the load generator was.
struct LatenessRecord: Sendable {
    var nanoseconds = Histogram<UInt64>(
        highestTrackableValue: LatencyHistograms.longest,
        numberOfSignificantValueDigits: .three
    )
    /// The largest value exactly.
    var largest: Int64 = 0
    /// Arrivals that were too late to be submitted.
    var dropped = 0

    mutating func record(_ lateness: Int64) {
        largest = max(largest, lateness)
        _ = nanoseconds.record(min(UInt64(max(0, lateness)), LatencyHistograms.longest))
    }

    var p99: Int64 { Int64(clamping: nanoseconds.valueAtPercentile(99)) }
    var samples: Int { Int(clamping: nanoseconds.totalCount) }
}

/// The hand-over of a run's arrivals, as far as it has come.
struct Arrivals {
    private let submitter: ArrivalSubmitter
    private let ledger: SubmissionLedger
    private let rule: LatenessRule
    private let phaseStarts: [Int64]
    private var pacing: Pacing
    private var phase = 0
    private(set) var lateness = LatenessRecord()

    fileprivate init(_ submitter: ArrivalSubmitter, isExact: Bool) {
        self.submitter = submitter
        let load = submitter.plan.scenario.load
        ledger = submitter.recorder.counters.makeLedger()
        rule = LatenessRule(policy: load.late, limit: load.latenessLimit?.clampedNanoseconds)
        phaseStarts = submitter.plan.phases.map(\.start)
        pacing = Pacing(starts: submitter.plan.intendedStarts, isExact: isExact)
        // As long as arrivals are to come the run is not empty.
        submitter.gate.enter()
        if pacing.isFinished { submitter.gate.leave() }
    }

    var isFinished: Bool { pacing.isFinished }

    func nextWake(after now: Int64) -> Int64? { pacing.nextWake(after: now) }

    /// Hands over what is due, each arrival with its own intended time.
    mutating func submitDue(at now: Int64, limit: Int) {
        let due = pacing.due(at: now, limit: limit)
        for index in due { submit(index) }
        if !due.isEmpty, pacing.isFinished { submitter.gate.leave() }
    }

    private mutating func submit(_ index: Int) {
        let recorder = submitter.recorder
        let intended = pacing.starts[index]
        while phase + 1 < phaseStarts.count, phaseStarts[phase + 1] <= intended { phase += 1 }
        let now = recorder.now
        let late = max(0, now - intended)
        lateness.record(late)
        let operation = submitter.plan.operation(index)
        let offer = Offer(operation: operation, intended: intended, submitted: now, phase: phase)
        ledger.offered()
        recorder.offering(offer)
        guard rule.submits(lateness: late) else {
            lateness.dropped += 1
            settle(offer, accepted: false)
            return
        }
        switch submitter.destination {
        case .pull(let buffer):
            _ = buffer.trySubmit(offer)
        case .push(let instance):
            switch instance.trySubmit(operation) {
            case .accepted: settle(offer, accepted: true)
            case .refused: settle(offer, accepted: false)
            case .wouldSuspend: submitter.submitSuspending(offer, to: instance)
            }
        }
    }

    private func settle(_ offer: Offer, accepted: Bool) {
        submitter.recorder.settled(offer, accepted: accepted, at: submitter.recorder.eventTime)
        ledger.settled(accepted: accepted)
    }
}
