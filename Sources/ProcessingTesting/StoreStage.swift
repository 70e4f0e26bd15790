internal import EphemeralTesting
internal import EphemeralTime
internal import Processing

/// What a check works with: an empty store, and short ways to use it.
struct StoreStage: Sendable {
    let check: StoreCheck
    let subject: StoreConformance.Subject
    let patience: Duration
    let worker = WorkerID.next()
    let queue = "mail"

    var store: any ProcessingStore { subject.store }
    var unit: Duration { subject.unit }

    /// A job whose payload is its name.
    func request(
        _ name: String,
        _ priority: JobPriority = .normal,
        configure: (inout JobRequest) -> Void = { _ in }
    ) -> JobRequest {
        var request = JobRequest(operation: "send", payload: Array("\"\(name)\"".utf8), priority: priority)
        configure(&request)
        return request
    }

    @discardableResult
    func enqueue(
        _ names: String...,
        in queue: String? = nil,
        priority: JobPriority = .normal,
        configure: (inout JobRequest) -> Void = { _ in }
    ) async throws -> [JobReceipt] {
        try await store.enqueue(names.map { request($0, priority, configure: configure) }, in: queue ?? self.queue)
    }

    /// Claims jobs without waiting.
    func claim(
        _ count: Int = 1,
        from queues: [String]? = nil,
        lease: Duration? = nil,
        configure: (inout ClaimRequest) -> Void = { _ in }
    ) async throws -> [ClaimedJob] {
        var request = ClaimRequest(
            worker: worker,
            queues: queues ?? [queue],
            count: count,
            lease: lease ?? unit * 100
        )
        configure(&request)
        return try await store.claim(request)
    }

    /// Claims the only job that waits.
    func claimOne(lease: Duration? = nil) async throws -> ClaimedJob {
        let jobs = try await claim(2, lease: lease)
        guard let job = jobs.first, jobs.count == 1 else {
            throw failure("\(jobs.count) jobs could be claimed instead of 1")
        }
        return job
    }

    @discardableResult
    func settle(_ job: ClaimedJob, _ verdict: JobVerdict) async throws -> SettlementOutcome {
        let outcomes = try await store.settle([JobSettlement(job.lease, verdict)])
        guard let outcome = outcomes.first, outcomes.count == 1 else {
            throw failure("1 report was answered with \(outcomes.count) outcomes")
        }
        return outcome
    }

    /// Lets a job become a dead letter.
    func bury(_ reason: DeathReason = .refused, error: String = "no such address") async throws {
        _ = try await settle(try await claimOne(), .bury(reason, error: error))
    }

    func status() async throws -> QueueStatus {
        guard let status = try await store.status(of: [queue]).first else { throw failure("a queue has no status") }
        return status
    }

    func deadLetters() async throws -> [DeadLetter] {
        try await store.deadLetters(in: queue, after: nil, limit: 100)
    }

    @discardableResult
    func reap(lease: Duration) async throws -> ReapReport {
        try await store.reapExpired(in: [queue], lease: lease)
    }

    /// Lets time pass, and whatever has become due with it.
    func advance(_ units: Int) async throws {
        try await subject.advance(unit * units)
        _ = try await store.promoteDue(in: [queue])
    }

    /// Fails the check unless a condition holds.
    func require(_ condition: Bool, _ observation: @autoclosure () -> String) throws {
        if !condition { throw failure(observation()) }
    }

    /// Fails the check unless two values are equal.
    func require<Value: Equatable>(_ seen: Value, is expected: Value, _ what: String) throws {
        if seen != expected { throw failure("\(what): \(seen) instead of \(expected)") }
    }

    /// Fails the check unless a call throws an error of this kind.
    func require(_ code: ProcessingError.Code, _ what: String, _ call: () async throws -> Void) async throws {
        do {
            try await call()
        } catch let error as ProcessingError where error.code == code {
            return
        } catch {
            throw failure("\(what) threw \(error) instead of the code \(code)")
        }
        throw failure("\(what) did not throw the code \(code)")
    }

    func failure(_ observation: String) -> ConformanceFailure {
        ConformanceFailure(check: check.id, rule: check.rule, observation: observation)
    }

    /// What a call returns that must come back by itself; the check fails when it does not.
    func answer<Value: Sendable>(
        of what: String,
        _ task: Task<Value, any Error>
    ) async throws -> Result<Value, any Error> {
        try await withThrowingTaskGroup(of: Result<Value, any Error>?.self) { group in
            group.addTask { await task.result }
            group.addTask {
                try await SystemTimeSource().sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            if let answer = try await group.next() ?? nil { return answer }
            task.cancel()
            // One that takes no notice of that may take notice of this; the group waits for its end.
            await store.shutdown()
            throw failure("\(what) did not come back")
        }
    }
}

extension [ClaimedJob] {
    /// The names of the jobs.
    var names: [String] { map(\.job.name) }
}

extension Job {
    /// The name that a check gave it.
    var name: String { String(String(decoding: payload, as: UTF8.self).dropFirst().dropLast()) }
}
