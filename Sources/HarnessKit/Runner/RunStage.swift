internal import EphemeralTime

/// Where a run takes place: on the machine's clock and threads, or in virtual time, where everything of the run is on one
/// thread.
enum RunStage: Sendable {
    case machine(time: any TimeSource, executor: (any TaskExecutor)?)
    case virtual(VirtualTime)

    /// The clock of bodies, producers, limits and targets.
    var time: any TimeSource {
        switch self {
        case .machine(let time, _): time
        case .virtual(let time): time
        }
    }

    /// The executor of submitters and targets; `nil` is the global pool.
    var executor: (any TaskExecutor)? {
        switch self {
        case .machine(_, let executor): executor
        case .virtual(let time): time
        }
    }

    var virtualTime: VirtualTime? {
        if case .virtual(let time) = self { time } else { nil }
    }

    /// Starts a task of the run itself: in virtual time, or outside of the target's executor.
    @discardableResult
    func spawn(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        switch self {
        case .machine: Task { await operation() }
        case .virtual(let time): Task(executorPreference: time) { await operation() }
        }
    }

    /// Calls back at a steady pace of the run's clock, whatever the target does to the pool.
    ///
    /// - Parameters:
    ///   - interval: The distance of two calls.
    ///   - tick: What is called; answers whether to go on, which the machine's clock does not heed.
    /// - Returns: What ends it.
    func ticking(every interval: Duration, _ tick: @escaping @Sendable () -> Bool) -> any Ticker {
        switch self {
        case .machine: ProgressTicker(interval: interval) { _ = tick() }
        case .virtual(let time): VirtualTicker(interval: interval, time: time, tick)
        }
    }
}

/// Something that calls back until it is cancelled.
protocol Ticker {
    func cancel()
}

/// Calls back at a steady pace of virtual time.
struct VirtualTicker: Ticker {
    private let task: Task<Void, Never>

    init(interval: Duration, time: VirtualTime, _ tick: @escaping @Sendable () -> Bool) {
        task = Task(name: "harness ticker", executorPreference: time) {
            while (try? await time.sleep(for: interval)) != nil, tick() {}
        }
    }

    func cancel() { task.cancel() }
}
