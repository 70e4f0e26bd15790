import Processing
import Synchronization

/// A store as one worker or producer of a run reaches it.
///
/// What the weather does to the way happens to every call. A line that is severed is that of a process that is gone: nothing
/// gets through any more.
final class StoreLine: ProcessingStore {
    private let store: any ProcessingStore
    private let weather: StoreWeather
    private let severed = Mutex(false)

    init(to store: any ProcessingStore, weather: StoreWeather) {
        self.store = store
        self.weather = weather
    }

    func sever() { severed.withLock { $0 = true } }

    /// Makes a call; its answer is lost when the way was cut meanwhile.
    private func call<Answer: Sendable>(
        _ work: (any ProcessingStore) async throws -> Answer
    ) async throws -> Answer {
        try requireWhole()
        let cuts = try await weather.pass()
        try requireWhole()
        let answer: Result<Answer, any Error>
        do {
            answer = .success(try await work(store))
        } catch let error as CancellationError {
            throw error
        } catch {
            answer = .failure(error)
        }
        try requireWhole()
        // A refusal has the same way back.
        try await bringBack(since: cuts)
        return try answer.get()
    }

    /// Lets an answer go its way.
    ///
    /// Whatever keeps it from coming, a cut or the caller's cancellation, the store has done what it was asked for.
    private func bringBack(since cuts: Int) async throws {
        var obstacle: (any Error)?
        do {
            if weather.isUncut(since: cuts), try await weather.pass(delayed: false) == cuts { return }
        } catch {
            obstacle = error
        }
        throw ProcessingError(
            code: .outcomeUnknown,
            message: "the answer of the store was lost: the scenario has cut the way, or nobody waits for it any more",
            underlyingError: obstacle
        )
    }

    private func requireWhole() throws {
        guard severed.withLock({ $0 }) else { return }
        throw ProcessingError(code: .closed, message: "the process that uses the store was killed by the scenario")
    }

    var maxPayloadBytes: Int { store.maxPayloadBytes }

    func enqueue(_ requests: [JobRequest], in queue: String) async throws -> [JobReceipt] {
        try await call { try await $0.enqueue(requests, in: queue) }
    }

    func claim(_ request: ClaimRequest) async throws -> [ClaimedJob] {
        try await call { try await $0.claim(request) }
    }

    func settle(_ settlements: [JobSettlement]) async throws -> [SettlementOutcome] {
        try await call { try await $0.settle(settlements) }
    }

    func heartbeat(_ heartbeat: Heartbeat) async throws -> [JobLease] {
        try await call { try await $0.heartbeat(heartbeat) }
    }

    func reapExpired(in queues: [String], lease: Duration) async throws -> ReapReport {
        try await call { try await $0.reapExpired(in: queues, lease: lease) }
    }

    func promoteDue(in queues: [String]) async throws -> PromotionReport {
        try await call { try await $0.promoteDue(in: queues) }
    }

    func queues() async throws -> [String] { try await call { try await $0.queues() } }

    func status(of queues: [String]) async throws -> [QueueStatus] {
        try await call { try await $0.status(of: queues) }
    }

    func deadLetters(in queue: String, after last: JobID?, limit: Int) async throws -> [DeadLetter] {
        try await call { try await $0.deadLetters(in: queue, after: last, limit: limit) }
    }

    func requeueDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await call { try await $0.requeueDeadLetters(selection, in: queue) }
    }

    func discardDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await call { try await $0.discardDeadLetters(selection, in: queue) }
    }

    func beginEmergency(_ request: EmergencyRequest) async throws -> LeaseToken {
        try await call { try await $0.beginEmergency(request) }
    }

    func failEmergency(_ id: EmergencyID, token: LeaseToken, error: String) async throws -> Bool {
        try await call { try await $0.failEmergency(id, token: token, error: error) }
    }

    func resolveEmergency(_ id: EmergencyID, token: LeaseToken, remembering memory: Duration) async throws -> Bool {
        try await call { try await $0.resolveEmergency(id, token: token, remembering: memory) }
    }

    func claimEmergency(_ id: EmergencyID, lease: Duration) async throws -> ClaimedEmergency {
        try await call { try await $0.claimEmergency(id, lease: lease) }
    }

    func renewEmergency(_ id: EmergencyID, token: LeaseToken, lease: Duration) async throws -> Bool {
        try await call { try await $0.renewEmergency(id, token: token, lease: lease) }
    }

    func extendEmergency(_ id: EmergencyID, ttl: Duration?) async throws -> Bool {
        try await call { try await $0.extendEmergency(id, ttl: ttl) }
    }

    func emergencies(expiringWithin expiry: Duration?, limit: Int) async throws -> [Emergency] {
        try await call { try await $0.emergencies(expiringWithin: expiry, limit: limit) }
    }

    func emergencyCounts() async throws -> EmergencyCounts { try await call { try await $0.emergencyCounts() } }

    func health() async -> StoreHealth { await store.health() }

    /// Does nothing: the store is that of the run, which shuts it down.
    func shutdown() async {}
}
