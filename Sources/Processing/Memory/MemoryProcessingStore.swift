public import Ephemeral
public import EphemeralTime
internal import Synchronization

/// A store in the memory of this process, for tests: what it holds is gone with the process.
///
/// Time comes from a `TimeSource`, so a test that moves a manual clock sees every lease, delay and expiry at
/// exactly its moment.
///
/// ```swift
/// let store = MemoryProcessingStore(time: ManualTimeSource())
/// let manager = try ProcessingManager(store: store, processors: processors)
/// ```
public final class MemoryProcessingStore: ProcessingStore {
    struct State: Sendable {
        var queues: [String: MemoryQueue] = [:]
        var emergencies = MemoryEmergencies()
        var isClosed = false
    }

    /// The largest payload that is taken, in bytes.
    public let maxPayloadBytes: Int
    let time: any TimeSource
    let sink: SignalSink?
    private let state = Mutex(State())
    let bell = WorkBell()

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - time: The clock of leases, delays and expiry.
    ///   - maxPayloadBytes: The largest payload that is taken.
    ///   - sink: Where `emergency.expired:<id>` is raised for backups that are given up.
    public init(time: any TimeSource = .system, maxPayloadBytes: Int = 1 << 20, sink: SignalSink? = nil) {
        self.time = time
        self.maxPayloadBytes = maxPayloadBytes
        self.sink = sink
    }

    /// Runs a change of the state, after what time does to it.
    func change<Result: Sendable>(
        _ body: @Sendable (inout State, ContinuousClock.Instant, WallTime) throws -> Result
    ) throws -> Result {
        let now = time.now
        let wallTime = time.wallTime(at: now)
        let (result, expired) = try state.withLock { state in
            if state.isClosed { throw ProcessingError.closedStore }
            let expired = state.emergencies.expire(now: now)
            return (Swift.Result { try body(&state, now, wallTime) }, expired)
        }
        for id in expired { sink?.raise("emergency.expired:\(id)") }
        return try result.get()
    }

    // Jobs

    /// Stores jobs, all or none of them; see ``JobStore/enqueue(_:in:)``.
    public func enqueue(_ requests: [JobRequest], in queue: String) async throws -> [JobReceipt] {
        for request in requests { try request.validate(queue: queue, maxPayloadBytes: maxPayloadBytes) }
        let receipts = try change { state, now, wallTime in
            requests.map {
                state.queues[queue, default: MemoryQueue(name: queue)].add($0, now: now, wallTime: wallTime)
            }
        }
        bell.ring()
        return receipts
    }

    /// Takes jobs that wait, each under a lease; see ``JobStore/claim(_:)``.
    public func claim(_ request: ClaimRequest) async throws -> [ClaimedJob] {
        try request.validate()
        return try await bell.claim(patience: request.patience, by: time) {
            try Task.checkCancellation()
            return try change { state, now, _ in state.claim(request, now: now) }
        }
    }

    /// Reports how attempts have ended; see ``JobStore/settle(_:)``.
    public func settle(_ settlements: [JobSettlement]) async throws -> [SettlementOutcome] {
        let outcomes = try change { state, now, wallTime in
            settlements.map { settlement in
                state.queues[settlement.lease.queue]?.settle(settlement, now: now, wallTime: wallTime) ?? .leaseLost
            }
        }
        // Released jobs wait again, and delayed ones may be due earlier than anybody waits for.
        if outcomes.contains(where: { $0 == .released || $0 == .delayed }) { bell.ring() }
        return outcomes
    }

    /// Extends leases and shows that a worker lives; see ``JobStore/heartbeat(_:)``.
    public func heartbeat(_ heartbeat: Heartbeat) async throws -> [JobLease] {
        try change { state, now, _ in
            for queue in heartbeat.queues {
                state.queues[queue, default: MemoryQueue(name: queue)].workers[heartbeat.worker] = now
            }
            let expiry = now.advanced(by: heartbeat.lease)
            return heartbeat.leases.filter { state.queues[$0.queue]?.extend($0, until: expiry) != true }
        }
    }

    /// Ends leases that have run out; see ``JobStore/reapExpired(in:lease:)``.
    public func reapExpired(in queues: [String], lease: Duration) async throws -> ReapReport {
        let report = try change { state, now, wallTime in
            var report = ReapReport()
            for queue in queues {
                guard let found = state.queues[queue]?.reap(now: now, wallTime: wallTime) else { continue }
                report.returned += found.returned
                report.buried += found.buried
            }
            return report
        }
        if !report.returned.isEmpty { bell.ring() }
        return report
    }

    /// Lets delayed jobs wait to be claimed whose time has come; see ``JobStore/promoteDue(in:)``.
    public func promoteDue(in queues: [String]) async throws -> PromotionReport {
        let report = try change { state, now, _ in
            let promoted = state.promote(queues, now: now)
            return PromotionReport(promoted: promoted, nextDue: state.nextDue(queues).map { now.duration(to: $0) })
        }
        if report.promoted > 0 { bell.ring() }
        return report
    }

    /// How the store is; see ``EmergencyStore/health()``.
    public func health() async -> StoreHealth {
        var health = StoreHealth()
        let counts = try? change { state, _, _ in (state.queues.count, state.emergencies.counts().total) }
        guard let counts else {
            health.problems.append("\(ProcessingError.closedStore)")
            return health
        }
        health.warnings.append("jobs and backups are kept in memory only and are lost with the process")
        health.facts = ["queues": "\(counts.0)", "emergencies": "\(counts.1)"]
        return health
    }

    /// Lets go of everything; see ``EmergencyStore/shutdown()``.
    public func shutdown() async {
        state.withLock { $0.isClosed = true }
        bell.close()
    }
}

extension MemoryProcessingStore.State {
    mutating func claim(_ request: ClaimRequest, now: ContinuousClock.Instant) -> WorkBell.Look {
        _ = promote(request.queues, now: now)
        var jobs: [ClaimedJob] = []
        let expiry = now.advanced(by: request.lease)
        for priority in request.priorities {
            for queue in request.queues {
                while jobs.count < request.count,
                    let job = queues[queue]?.take(priority, by: request.worker, until: expiry)
                {
                    jobs.append(job)
                }
            }
        }
        return WorkBell.Look(jobs: jobs, nextDue: nextDue(request.queues))
    }

    mutating func promote(_ names: [String], now: ContinuousClock.Instant) -> Int {
        names.reduce(0) { $0 + (queues[$1]?.promote(now: now) ?? 0) }
    }

    func nextDue(_ names: [String]) -> ContinuousClock.Instant? {
        names.compactMap { queues[$0]?.nextDue }.min()
    }
}
