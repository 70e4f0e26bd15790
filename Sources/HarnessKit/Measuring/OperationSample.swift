/// The operations whose intended starts lie in a span of time, counted and sampled in one pass.
struct OperationSample {
    private var offered = 0
    private var accepted = 0
    private var fates = FateCounts()
    private var duplicated = 0
    private var started = 0
    private var attempts = 0
    private var wasted = 0
    private var seconds: Double
    private var response = DurationSamples()
    private var service = DurationSamples()
    private var queueWait = DurationSamples()
    private var lateness: DurationSamples?
    private var blockedInSubmit = DurationSamples()

    private struct FateCounts {
        var completed = 0
        var failed = 0
        var cancelled = 0
        var refused = 0
        var unfinished = 0
        var lost = 0

        mutating func merge(_ other: FateCounts) {
            completed += other.completed
            failed += other.failed
            cancelled += other.cancelled
            refused += other.refused
            unfinished += other.unfinished
            lost += other.lost
        }
    }

    init(_ operations: PlannedOperations, in range: Range<Int64>) {
        seconds = Double(range.upperBound - range.lowerBound) / 1e9
        if operations.isOpen { lateness = DurationSamples() }
        let records = operations.table.records
        for index in records.indices {
            let intended = operations.intendedStarts[index]
            guard range.contains(intended), records[index].isSeen else { continue }
            add(records[index], intended: intended, closing: operations.closing)
        }
        response.sort()
        service.sort()
        queueWait.sort()
        lateness?.sort()
        blockedInSubmit.sort()
    }

    /// Adds the operations of another sample, of other spans of the same run.
    mutating func merge(_ other: OperationSample) {
        offered += other.offered
        accepted += other.accepted
        fates.merge(other.fates)
        duplicated += other.duplicated
        started += other.started
        attempts += other.attempts
        wasted += other.wasted
        seconds += other.seconds
        response.merge(other.response)
        service.merge(other.service)
        queueWait.merge(other.queueWait)
        if let samples = other.lateness { lateness?.merge(samples) }
        blockedInSubmit.merge(other.blockedInSubmit)
    }

    private mutating func add(_ record: OperationTable.Record, intended: Int64, closing: RunClosing) {
        offered += 1
        if record.isAccepted { accepted += 1 }
        if record.completions > 1 { duplicated += 1 }
        if record.attempts > 0 {
            started += 1
            attempts += Int(record.attempts)
            wasted += Int(record.attempts) - (record.fate == .completed ? 1 : 0)
        }
        count(record.fate, closing: closing)
        guard record.submitted != OperationTable.never else { return }
        lateness?.append(max(0, record.submitted - intended))
        if record.answered != OperationTable.never { blockedInSubmit.append(record.answered - record.submitted) }
        guard record.firstStart != OperationTable.never else { return }
        queueWait.append(max(0, record.firstStart - record.submitted))
        guard record.fate == .completed else { return }
        service.append(record.finish - record.firstStart)
        response.append(record.finish - intended)
    }

    private mutating func count(_ fate: OperationTable.Fate, closing: RunClosing) {
        switch fate {
        case .completed: fates.completed += 1
        case .failed: fates.failed += 1
        case .cancelled, .discarded: fates.cancelled += 1
        case .refused: fates.refused += 1
        case .running, .unanswered: fates.unfinished += 1
        case .waiting, .betweenAttempts:
            if closing == .drained { fates.lost += 1 } else { fates.unfinished += 1 }
        }
    }

    /// The distributions by name, in presentation order.
    var distributions: [(name: String, samples: DurationSamples)] {
        let all: [(String, DurationSamples?)] = [
            ("response", response), ("service", service), ("queueWait", queueWait), ("lateness", lateness),
            ("blockedInSubmit", blockedInSubmit),
        ]
        return all.compactMap { name, samples in samples.map { (name, $0) } }
    }

    /// The metrics by their fixed names, in presentation order.
    func table(maxima: LevelSweep.Maxima) -> MetricTable {
        var table = MetricTable()
        func add(_ name: String, _ value: Double, _ unit: MetricUnit, n: Int) {
            table.metrics.append(MetricTable.Entry(name: name, metric: Metric(value: value, unit: unit, n: n)))
        }
        let counts = [
            ("offered", offered), ("accepted", accepted), ("refused", fates.refused), ("completed", fates.completed),
            ("failed", fates.failed), ("cancelled", fates.cancelled), ("unfinished", fates.unfinished),
            ("lost", fates.lost), ("duplicated", duplicated),
        ]
        for (name, count) in counts { add(name, Double(count), .count, n: offered) }
        if seconds > 0 { add("throughput", Double(fates.completed) / seconds, .perSecond, n: fates.completed) }
        if offered > 0 { add("success.ratio", Double(fates.completed) / Double(offered), .ratio, n: offered) }
        for (name, samples) in distributions { table.metrics += samples.entries(named: name) }
        add("concurrency.max", Double(maxima.concurrency), .count, n: started)
        add("depth.max", Double(maxima.depth), .count, n: accepted)
        if started > 0 { add("attempts.perOperation.mean", Double(attempts) / Double(started), .count, n: started) }
        if attempts > 0 { add("attempts.wasted", Double(wasted) / Double(attempts), .ratio, n: attempts) }
        return table
    }
}

/// What became of the operations of a run, with their intended starts.
struct PlannedOperations: Sendable {
    let table: OperationTable
    /// By operation.
    let intendedStarts: [Int64]
    let isOpen: Bool
    let closing: RunClosing

    init(_ history: History, plan: Plan, closing: RunClosing) {
        let end: Int64 = if case .gaveUp(let time) = closing { time } else { .max }
        let table = OperationTable(history, until: end)
        let planned = plan.intendedStarts
        intendedStarts = table.records.indices.map { index in
            index < planned.count ? planned[index] : table.records[index].submitted
        }
        self.table = table
        self.closing = closing
        isOpen = plan.scenario.load.isOpen
    }
}
