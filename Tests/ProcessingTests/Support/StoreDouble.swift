import EphemeralTesting
import Processing
import Synchronization

/// A store that notes what it is asked for, and fails when a test wants it to.
final class StoreDouble: ProcessingStore {
    /// What a store can be asked for.
    enum Call: String, Sendable {
        case enqueue, claim, settle, heartbeat, reap, promote, queues, status, deadLetters, requeue, discard
        case begin, fail, resolve, claimEmergency, renew, extend, emergencies, counts
    }

    let inner: any ProcessingStore
    /// The calls that have come back with success.
    let answered = Journal<Call>()
    /// The jobs that were claimed.
    let claimed = Journal<ClaimedJob>()
    /// The backups that were to be written, whatever became of them.
    let begun = Journal<EmergencyRequest>()
    private let failures = Mutex<[Call: (left: Int, error: ProcessingError)]>([:])
    private let gates = Mutex<[Call: Gate]>([:])
    /// Calls that reach the store and whose answers get lost.
    let unanswered: Set<Call>

    init(_ inner: any ProcessingStore, unanswered: Set<Call> = []) {
        self.inner = inner
        self.unanswered = unanswered
    }

    static let silent = ProcessingError(code: .outcomeUnknown, message: "no answer came")
    static let down = ProcessingError(code: .storeUnavailable, message: "the store is down")

    /// Lets the next calls of a kind fail without reaching the store.
    func fail(_ calls: Call..., times: Int = .max, with error: ProcessingError = down) {
        failures.withLock { failures in for call in calls { failures[call] = (times, error) } }
    }

    /// Lets all further calls of some kinds wait at a gate before they reach the store.
    func hold(_ calls: Call..., at gate: Gate) {
        gates.withLock { gates in for call in calls { gates[call] = gate } }
    }

    func mend() { failures.withLock { $0 = [:] } }

    /// Suspends until a call of this kind has come back this many times.
    func answers(_ count: Int, of call: Call) async throws {
        var seen = 0
        while true {
            seen += 1
            let calls = try await answered.first(seen)
            if calls.filter({ $0 == call }).count >= count { return }
        }
    }

    private func pass<Value>(_ call: Call, _ body: () async throws -> Value) async throws -> Value {
        let error = failures.withLock { failures -> ProcessingError? in
            guard let failure = failures[call], failure.left > 0 else { return nil }
            failures[call]?.left -= 1
            return failure.error
        }
        if let error { throw error }
        try await gates.withLock { $0[call] }?.wait()
        let value = try await body()
        if unanswered.contains(call) { throw Self.silent }
        answered.record(call)
        return value
    }

    var maxPayloadBytes: Int { inner.maxPayloadBytes }

    func enqueue(_ requests: [JobRequest], in queue: String) async throws -> [JobReceipt] {
        try await pass(.enqueue) { try await inner.enqueue(requests, in: queue) }
    }

    func claim(_ request: ClaimRequest) async throws -> [ClaimedJob] {
        let jobs = try await pass(.claim) { try await inner.claim(request) }
        for job in jobs { claimed.record(job) }
        return jobs
    }

    func settle(_ settlements: [JobSettlement]) async throws -> [SettlementOutcome] {
        try await pass(.settle) { try await inner.settle(settlements) }
    }

    func heartbeat(_ heartbeat: Heartbeat) async throws -> [JobLease] {
        try await pass(.heartbeat) { try await inner.heartbeat(heartbeat) }
    }

    func reapExpired(in queues: [String], lease: Duration) async throws -> ReapReport {
        try await pass(.reap) { try await inner.reapExpired(in: queues, lease: lease) }
    }

    func promoteDue(in queues: [String]) async throws -> PromotionReport {
        try await pass(.promote) { try await inner.promoteDue(in: queues) }
    }

    func queues() async throws -> [String] { try await pass(.queues) { try await inner.queues() } }

    func status(of queues: [String]) async throws -> [QueueStatus] {
        try await pass(.status) { try await inner.status(of: queues) }
    }

    func deadLetters(in queue: String, after last: JobID?, limit: Int) async throws -> [DeadLetter] {
        try await pass(.deadLetters) { try await inner.deadLetters(in: queue, after: last, limit: limit) }
    }

    func requeueDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await pass(.requeue) { try await inner.requeueDeadLetters(selection, in: queue) }
    }

    func discardDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await pass(.discard) { try await inner.discardDeadLetters(selection, in: queue) }
    }

    func beginEmergency(_ request: EmergencyRequest) async throws -> LeaseToken {
        begun.record(request)
        return try await pass(.begin) { try await inner.beginEmergency(request) }
    }

    func failEmergency(_ id: EmergencyID, token: LeaseToken, error: String) async throws -> Bool {
        try await pass(.fail) { try await inner.failEmergency(id, token: token, error: error) }
    }

    func resolveEmergency(
        _ id: EmergencyID,
        token: LeaseToken,
        remembering memory: Duration
    ) async throws -> Bool {
        try await pass(.resolve) { try await inner.resolveEmergency(id, token: token, remembering: memory) }
    }

    func claimEmergency(_ id: EmergencyID, lease: Duration) async throws -> ClaimedEmergency {
        try await pass(.claimEmergency) { try await inner.claimEmergency(id, lease: lease) }
    }

    func renewEmergency(_ id: EmergencyID, token: LeaseToken, lease: Duration) async throws -> Bool {
        try await pass(.renew) { try await inner.renewEmergency(id, token: token, lease: lease) }
    }

    func extendEmergency(_ id: EmergencyID, ttl: Duration?) async throws -> Bool {
        try await pass(.extend) { try await inner.extendEmergency(id, ttl: ttl) }
    }

    func emergencies(expiringWithin expiry: Duration?, limit: Int) async throws -> [Emergency] {
        try await pass(.emergencies) { try await inner.emergencies(expiringWithin: expiry, limit: limit) }
    }

    func emergencyCounts() async throws -> EmergencyCounts {
        try await pass(.counts) { try await inner.emergencyCounts() }
    }

    func health() async -> StoreHealth { await inner.health() }

    func shutdown() async { await inner.shutdown() }
}
