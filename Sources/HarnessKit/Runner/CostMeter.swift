internal import CHarnessSystem
internal import CJemalloc
internal import EphemeralTime

/// What the process, or in virtual time the run's own thread, had used up at one moment of a run.
struct CostSnapshot: Sendable, Equatable {
    /// Nanoseconds from the start of the run.
    var time: Int64
    /// CPU time of the process in nanoseconds.
    var processCPU: Int64
    /// CPU time of the conducting thread in nanoseconds.
    var conductorCPU: Int64
    var contextSwitches: Int64
    /// Heap allocations so far; `nil` when nobody counts them.
    var allocations: Int64?
    var allocatedBytes: Int64?
    /// What of these the recorder took for itself.
    var ownMemory = OwnMemory()
    /// The largest resident memory since the reading before; `nil` when the kernel does not tell, and in virtual time.
    var peakResident: Int64?
    /// The threads of the process; `nil` in virtual time.
    var threads: Int?
    /// Steps of the executor in virtual time.
    var steps: Int?
    var tally: Tally

    /// Reads everything, and lets the peak of memory begin anew; called by the conductor.
    static func read(time: Int64, tally: Tally, ownMemory: OwnMemory, virtual: VirtualTime?) -> CostSnapshot {
        let usage = harness_usage()
        let startsAnew = virtual == nil && harness_reset_peak_resident() != 0
        let counts =
            countsAllocations ? (virtual == nil ? harness_allocations() : harness_thread_allocations()) : nil
        return CostSnapshot(
            time: time,
            processCPU: harness_process_cpu_nanoseconds(),
            conductorCPU: harness_thread_cpu_nanoseconds(),
            contextSwitches: usage.context_switches,
            allocations: counts.map { Int64(clamping: $0.allocations) },
            allocatedBytes: counts.map { Int64(clamping: $0.bytes) },
            ownMemory: ownMemory,
            peakResident: startsAnew ? usage.peak_resident_bytes : nil,
            threads: virtual == nil && usage.threads > 0 ? Int(usage.threads) : nil,
            steps: virtual?.report.steps,
            tally: tally
        )
    }

    /// Whether heap allocations are counted in this process.
    static let countsAllocations = harness_allocations_available() != 0
}

/// What one stretch of a run, or several, cost.
struct RunCost: Sendable, Equatable {
    var seconds = 0.0
    var cpuSeconds = 0.0
    var conductorSeconds = 0.0
    var contextSwitches = 0.0
    var allocations: Double?
    var allocatedBytes: Double?
    /// What the recorder took for itself; not part of the two.
    var ownMemory = OwnMemory()
    var peakResident: Int64?
    var threads: Int?
    var steps: Int?
    /// Attempts that ended within it.
    var finished = 0

    /// Adds what was used between two moments.
    mutating func add(from start: CostSnapshot, to end: CostSnapshot) {
        seconds += Double(end.time - start.time) / 1e9
        let conductor = Double(end.conductorCPU - start.conductorCPU) / 1e9
        conductorSeconds += conductor
        cpuSeconds += max(0, Double(end.processCPU - start.processCPU) / 1e9 - conductor)
        contextSwitches += Double(end.contextSwitches - start.contextSwitches)
        finished += end.tally.finished - start.tally.finished
        let own = end.ownMemory - start.ownMemory
        ownMemory = ownMemory + own
        if let before = start.allocations, let after = end.allocations {
            allocations = (allocations ?? 0) + Double(max(0, after - before - Int64(own.allocations)))
        }
        if let before = start.steps, let after = end.steps { steps = (steps ?? 0) + after - before }
        if let before = start.allocatedBytes, let after = end.allocatedBytes {
            allocatedBytes = (allocatedBytes ?? 0) + Double(max(0, after - before - Int64(own.bytes)))
        }
        if let peak = end.peakResident { peakResident = max(peakResident ?? 0, peak) }
        if let before = start.threads, let after = end.threads { threads = max(threads ?? 0, before, after) }
    }

    /// Share of the process's CPU time that the load generator's own thread took.
    var generatorShare: Double {
        let all = cpuSeconds + conductorSeconds
        return all > 0 ? conductorSeconds / all : 0
    }

    /// Adds the metrics of cost to a table; those per operation only when something finished.
    ///
    /// In virtual time what is used up is counted, not timed: steps of the executor, and allocations of its thread.
    func add(to table: inout MetricTable) {
        if let peakResident { table["rss.peak"] = Metric(value: Double(peakResident), unit: .bytes, n: 1) }
        if let threads { table["threads.max"] = Metric(value: Double(threads), unit: .count, n: 1) }
        guard finished > 0 else { return }
        let count = Double(finished)
        if let steps {
            table["hops.perOperation"] = Metric(value: Double(steps) / count, unit: .count, n: finished)
            addAllocations(to: &table)
            return
        }
        table["cpu.perOperation"] = Metric(value: cpuSeconds / count, unit: .seconds, n: finished)
        addAllocations(to: &table)
        table["contextSwitches.perOperation"] = Metric(value: contextSwitches / count, unit: .count, n: finished)
    }

    private func addAllocations(to table: inout MetricTable) {
        let count = Double(finished)
        if let allocations {
            table["mallocs.perOperation"] = Metric(value: allocations / count, unit: .count, n: finished)
        }
        if let allocatedBytes {
            table["mallocBytes.perOperation"] = Metric(value: allocatedBytes / count, unit: .bytes, n: finished)
            let own = Double(ownMemory.bytes) / count
            table["recorderBytes.perOperation"] = Metric(value: own, unit: .bytes, n: finished)
        }
    }
}

extension RunRecorder {
    /// What has been used up at a time of the run; called by the conductor.
    func readCost(at time: Int64) -> CostSnapshot {
        .read(time: time, tally: counters.tally, ownMemory: log?.ownMemory ?? OwnMemory(), virtual: clock.virtual)
    }
}
