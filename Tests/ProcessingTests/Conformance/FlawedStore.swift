import EphemeralTesting
import EphemeralTime
import Processing
import Synchronization

/// A store in memory with one deliberate flaw.
final class FlawedStore: ProcessingStore {
    let flaw: StoreFlaw
    let time: ManualTimeSource
    let inner: MemoryProcessingStore
    let maxPayloadBytes = 4096
    private let handedOut = Mutex<[ClaimedJob]>([])

    init(_ flaw: StoreFlaw, time: ManualTimeSource) {
        self.flaw = flaw
        self.time = time
        inner = MemoryProcessingStore(time: time, maxPayloadBytes: flaw == .takesAnySize ? 1 << 20 : maxPayloadBytes)
    }

    func enqueue(_ requests: [JobRequest], in queue: String) async throws -> [JobReceipt] {
        var requests = requests
        for index in requests.indices { flaw.spoil(&requests[index]) }
        switch flaw {
        case .reversesBatches: return try await inner.enqueue(requests.reversed(), in: queue).reversed()
        case .storesOneByOne:
            var receipts: [JobReceipt] = []
            for request in requests { receipts += try await inner.enqueue([request], in: queue) }
            return receipts
        default: return try await inner.enqueue(requests, in: queue)
        }
    }

    func claim(_ request: ClaimRequest) async throws -> [ClaimedJob] {
        var request = request
        flaw.spoil(&request)
        var jobs: [ClaimedJob] = []
        switch flaw {
        case .claimsFromEverywhere: request.queues = try await inner.queues()
        case .wakesNobody where request.patience > .zero:
            try await time.sleep(for: request.patience)
            request.patience = .zero
        default: break
        }
        if flaw == .claimForgetsItsTask {
            let (inner, request) = (inner, request)
            jobs = try await Task.detached { try await inner.claim(request) }.value
        } else {
            jobs = try await inner.claim(request)
        }
        switch flaw {
        case .peeks: _ = try await inner.settle(jobs.map { JobSettlement($0.lease, .release) })
        case .hidesAttempts: for index in jobs.indices { jobs[index].job.attempts = 0 }
        case .handsOutTwice where !jobs.isEmpty: jobs += again(jobs)
        default: break
        }
        return jobs
    }

    /// One job that was handed out before, at the fifth claim.
    private func again(_ jobs: [ClaimedJob]) -> [ClaimedJob] {
        handedOut.withLock { handedOut in
            handedOut += jobs
            return handedOut.count == jobs.count + 4 ? [handedOut[0]] : []
        }
    }

    func settle(_ settlements: [JobSettlement]) async throws -> [SettlementOutcome] {
        let outcomes = try await inner.settle(settlements.map { JobSettlement($0.lease, flaw.spoil($0.verdict)) })
        switch flaw {
        case .reversesOutcomes: return outcomes.reversed()
        case .believesLateReports: return outcomes.map { $0 == .leaseLost ? .done : $0 }
        case .doneMeansReleased: return outcomes.map { $0 == .released ? .done : $0 }
        case .attemptsDoNotCount: return outcomes.map { $0 == .released ? .delayed : $0 }
        default: return outcomes
        }
    }

    func heartbeat(_ heartbeat: Heartbeat) async throws -> [JobLease] {
        flaw == .heartbeatsDoNothing ? [] : try await inner.heartbeat(heartbeat)
    }

    func reapExpired(in queues: [String], lease: Duration) async throws -> ReapReport {
        flaw == .neverReaps ? ReapReport() : try await inner.reapExpired(in: queues, lease: lease)
    }

    func promoteDue(in queues: [String]) async throws -> PromotionReport { try await inner.promoteDue(in: queues) }

    func queues() async throws -> [String] {
        let queues = try await inner.queues()
        return flaw == .reversesQueues ? queues.reversed() : queues
    }

    func status(of queues: [String]) async throws -> [QueueStatus] {
        try await inner.status(of: queues).map { status in
            var status = status
            switch flaw {
            case .hidesWorkers: status.workers = [:]
            case .forgetsAges: status.oldestWaiting = [:]
            case .countsRunningOnesTwice: status.running *= 2
            default: break
            }
            return status
        }
    }

    func deadLetters(in queue: String, after last: JobID?, limit: Int) async throws -> [DeadLetter] {
        try await inner.deadLetters(in: queue, after: flaw == .everyPageIsTheFirst ? nil : last, limit: limit)
    }

    func requeueDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        switch flaw {
        case .requeuesAll: return try await inner.requeueDeadLetters(.all, in: queue)
        case .requeuesACopy:
            let letters = try await inner.deadLetters(in: queue, after: nil, limit: 9)
            let copies = letters.map { JobRequest(operation: $0.job.operation, payload: $0.job.payload) }
            _ = try await inner.enqueue(copies, in: queue)
            return letters.map(\.job.id)
        default: return try await inner.requeueDeadLetters(selection, in: queue)
        }
    }

    func discardDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        switch (flaw, selection) {
        case (.discardDoesNothing, .jobs(let ids)): return ids
        case (.discardsAnyAge, .olderThan): return try await inner.discardDeadLetters(.all, in: queue)
        default: return try await inner.discardDeadLetters(selection, in: queue)
        }
    }

    func health() async -> StoreHealth { flaw == .alwaysHealthy ? StoreHealth() : await inner.health() }

    func shutdown() async { if flaw != .staysOpen { await inner.shutdown() } }
}
