internal import Synchronization

/// Where a run's submitters and bodies write what happens, at the level that the scenario asks for.
final class RunRecorder: Sendable {
    let level: RecordingLevel
    let clock: RecordingClock
    let counters = Counters()
    let signals = SignalLog()
    let concurrency = ConcurrencyMeter()
    let errors: ErrorLog
    /// Every event; at level `history` alone.
    let log: EventLog?
    /// Distributions; at level `latency` alone.
    let latencies: LatencyHistograms?
    /// What is remembered between the events of an operation; `nil` when nothing has to be.
    let table: OfferTable?
    private let origin = Atomic<Int64>(0)

    /// Creates a recorder.
    ///
    /// - Parameters:
    ///   - level: How much is recorded.
    ///   - plan: The plan of the run, which decides whether attempts have to be counted.
    ///   - historyLimit: After how many events `onFull` is called.
    ///   - clock: What times are read from.
    ///   - onFull: Called once when the history is full.
    init(
        level: RecordingLevel,
        plan: Plan,
        historyLimit: Int,
        clock: RecordingClock = RecordingClock(),
        onFull: @escaping @Sendable () -> Void
    ) {
        self.level = level
        self.clock = clock
        errors = ErrorLog(scripted: plan.errorNames)
        log = level == .history ? EventLog(limit: historyLimit, onFull: onFull) : nil
        latencies = level == .latency ? LatencyHistograms(phases: plan.phases.count) : nil
        table = level == .latency || !plan.isTrivial ? OfferTable() : nil
    }

    /// Sets the start of the run on the time line of the clock.
    func begin(at start: Int64) { origin.store(start, ordering: .releasing) }

    /// Whether the start is set.
    var hasBegun: Bool { origin.load(ordering: .acquiring) != 0 }

    /// Nanoseconds from the start of the run.
    @inline(__always)
    var now: Int64 { clock.now - origin.load(ordering: .relaxed) }

    /// The same for an onlooker that is no part of the run.
    var nowFromOutside: Int64 { clock.nowFromOutside - origin.load(ordering: .relaxed) }

    /// The time for an event, or 0 at the level that reads no clock.
    @inline(__always)
    var eventTime: Int64 { level == .counts ? 0 : now }

    /// Records a signal that the run saw.
    func observe(_ signal: SignalObservation) {
        let number = signals.observe(signal)
        let kind: HistoryEvent.Kind = signal.isRetraction ? .signalRetracted : .signalRaised
        log?.record(RecordedEvent(time: now, kind: kind, signal: number))
    }

    /// Records that the harness is about to raise a signal.
    func sending(_ signal: String) {
        log?.record(RecordedEvent(time: now, kind: .signalSent, signal: signals.number(of: signal)))
    }

    /// Records that the target dropped an accepted operation.
    func discarded(_ operation: Operation) {
        log?.record(RecordedEvent(time: now, kind: .discarded, operation: operation.index))
        table?.forget(operation.index)
        counters.discarded()
    }

    /// Records that whoever waited for an operation has been answered.
    func delivered(_ operation: Operation, result: Int?) {
        let kind: HistoryEvent.Kind =
            switch result {
            case nil: .deliveredNothing
            case operation.index: .delivered
            default: .misdelivered
            }
        log?.record(RecordedEvent(time: now, kind: kind, operation: operation.index))
    }

    /// Records where in the target an attempt is made; nothing of one without parts and batches.
    @inline(__always)
    func assigned(_ operation: Operation, to place: AttemptPlace, at time: Int64) {
        guard place.number > 0 else { return }
        log?.record(RecordedEvent(time: time, assigning: operation.index, to: place.number))
    }

    /// Records that an operation has raised a signal.
    func emitted(_ operation: Operation, signal: String) {
        guard let log else { return }
        log.record(RecordedEvent(time: now, emittedBy: operation.index, signal: signals.number(of: signal)))
    }

    /// Records that an operation has come to its end.
    func ended(_ operation: Operation, error: (any Error)?) {
        let number = error.map { errors.number(of: $0) } ?? 0
        let time = eventTime
        log?.record(RecordedEvent(time: time, kind: .ended, operation: operation.index, error: number))
        if error == nil, let latencies, let entry = table?.entry(operation.index) {
            latencies.record(phase: entry.phase, .response, time - entry.intended)
        }
        table?.forget(operation.index)
        switch error {
        case nil: counters.completed()
        case is CancellationError: counters.cancelled()
        default: counters.failed()
        }
    }

    /// Everything recorded so far as a history; `nil` below level `history`.
    ///
    /// - Parameter plan: The plan that was run, which knows keys and names of errors.
    /// - Returns: The history, ordered by time.
    func history(of plan: Plan) -> History? {
        guard let log else { return nil }
        var history = History()
        history.events = log.merged().map { $0.expanded(key: plan.key(of:), lane: plan.lane(of:)) }
        history.signalNames = signals.names
        history.laneNames = plan.scenario.load.lanes.names
        history.errorNames = [""] + errors.names
        return history
    }
}
