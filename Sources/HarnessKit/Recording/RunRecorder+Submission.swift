/// An operation on its way into a target; times in nanoseconds from the start of the run.
struct Offer {
    var operation: Operation
    /// When it was due; the submission itself under closed load.
    var intended: Int64
    var submitted: Int64
    var phase: Int
}

extension RunRecorder {
    /// Notes that an operation is about to be offered; counts nothing, so that a submitter may count by its ledger.
    @inline(__always)
    func offering(_ offer: Offer) {
        table?.offer(offer.operation.index, intended: offer.intended, submitted: offer.submitted, phase: offer.phase)
    }

    /// Records that the target took an operation or refused it.
    @inline(__always)
    func settled(_ offer: Offer, accepted: Bool, at time: Int64) {
        switch level {
        case .counts:
            break
        case .history:
            log?.record(
                RecordedEvent(time: offer.submitted, kind: .submitted, operation: offer.operation.index),
                RecordedEvent(time: time, kind: accepted ? .accepted : .refused, operation: offer.operation.index)
            )
        case .latency:
            latencies?.record(
                phase: offer.phase,
                [(.lateness, offer.submitted - offer.intended), (.blockedInSubmit, time - offer.submitted)]
            )
        }
        if !accepted { table?.forget(offer.operation.index) }
    }
}
