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
    /// Steps of the executor in virtual time.
    var steps: Int?
    var tally: Tally

    /// Reads everything; called by the conductor.
    static func read(time: Int64, tally: Tally, virtual: VirtualTime?) -> CostSnapshot {
        let usage = harness_usage()
        let counts =
            countsAllocations ? (virtual == nil ? harness_allocations() : harness_thread_allocations()) : nil
        return CostSnapshot(
            time: time,
            processCPU: harness_process_cpu_nanoseconds(),
            conductorCPU: harness_thread_cpu_nanoseconds(),
            contextSwitches: usage.context_switches,
            allocations: counts.map { Int64(clamping: $0.allocations) },
            allocatedBytes: counts.map { Int64(clamping: $0.bytes) },
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
        if let before = start.allocations, let after = end.allocations {
            allocations = (allocations ?? 0) + Double(after - before)
        }
        if let before = start.steps, let after = end.steps { steps = (steps ?? 0) + after - before }
        if let before = start.allocatedBytes, let after = end.allocatedBytes {
            allocatedBytes = (allocatedBytes ?? 0) + Double(after - before)
        }
    }

    /// Share of the process's CPU time that the load generator's own thread took.
    var generatorShare: Double {
        let all = cpuSeconds + conductorSeconds
        return all > 0 ? conductorSeconds / all : 0
    }

    /// Adds the metrics of cost to a table; none when nothing finished.
    ///
    /// In virtual time what is used up is counted, not timed: steps of the executor, and allocations of its thread.
    func add(to table: inout MetricTable) {
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
        }
    }
}

extension RunRecorder {
    /// What has been used up at a time of the run; called by the conductor.
    func readCost(at time: Int64) -> CostSnapshot {
        .read(time: time, tally: counters.tally, virtual: clock.virtual)
    }
}
