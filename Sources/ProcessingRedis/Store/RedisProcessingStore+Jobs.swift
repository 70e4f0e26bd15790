internal import EphemeralTime
public import Processing

extension RedisProcessingStore {
    /// Stores jobs, all or none of them; see `JobStore/enqueue(_:in:)`.
    public func enqueue(_ requests: [JobRequest], in queue: String) async throws -> [JobReceipt] {
        for request in requests { try request.validate(queue: queue, maxPayloadBytes: maxPayloadBytes) }
        guard !requests.isEmpty else { return [] }
        let place = "enqueue in queue '\(queue)'"
        try Task.checkCancellation()
        try await list(queue, at: place)
        let keys = keys(of: queue)
        var idempotencyKeys: [String] = []
        var arguments: [RedisCommand.Argument] = []
        arguments.reserveCapacity(requests.count * 9)
        for request in requests {
            if let key = request.idempotency?.key { idempotencyKeys.append(key) }
            arguments += [
                .text(request.id.rawValue), .number(request.priority.number), .text(request.operation),
                .number(request.maxAttempts), .integer(request.delay.microseconds), .bytes(request.payload),
                .text(TagText.write(request.tags)),
                .number(request.idempotency == nil ? 0 : QueueKeys.count + idempotencyKeys.count),
                .integer(max(1, request.idempotency?.window.milliseconds ?? 1)),
            ]
        }
        let reply = try await run(
            QueueScripts.enqueue,
            on: keys.written(withIdempotency: idempotencyKeys),
            arguments,
            at: place
        )
        guard let answers = reply.elements, answers.count == requests.count + 2,
            let total = answers.first?.integer, let added = answers.last?.integer
        else { throw foreign(place) }
        if added > 0, total == added { await listAgain(queue) }
        return zip(requests, answers.dropFirst()).map { request, known in
            JobReceipt(id: known.string.map(JobID.init(rawValue:)) ?? request.id, isDuplicate: known != .null)
        }
    }

    /// Takes jobs that wait, each under a lease; see `JobStore/claim(_:)`.
    public func claim(_ request: ClaimRequest) async throws -> [ClaimedJob] {
        try request.validate()
        guard request.patience > .zero else { return try await look(for: request).jobs }
        var listeners: [QueueListener] = []
        defer { for listener in listeners { listener.end() } }
        return try await bell.claim(patience: request.patience, by: options.time) {
            let found = try await look(for: request)
            if found.jobs.isEmpty {
                let isFirst = listeners.isEmpty
                for (queue, lasts) in zip(request.queues, found.lasts) {
                    guard let listener = self.listeners.listener(of: keys(of: queue)) else { continue }
                    listener.note(lasts)
                    guard isFirst else { continue }
                    listener.begin()
                    listeners.append(listener)
                }
            }
            let nextDue = found.nextDue.map { options.time.now.advanced(by: $0) }
            return WorkBell.Look(jobs: found.jobs, nextDue: nextDue)
        }
    }

    private struct Found {
        var jobs: [ClaimedJob] = []
        var nextDue: Duration?
        /// Per queue the last entries that were handed out, when there was no job.
        var lasts: [[(priority: JobPriority, entry: StreamID)]] = []
    }

    /// One look into all queues of a request.
    private func look(for request: ClaimRequest) async throws -> Found {
        var found = Found(lasts: request.queues.map { _ in [] })
        // One queue takes one call. Several take one for each priority, as urgent jobs of all come first.
        let rounds = request.queues.count == 1 ? [request.priorities] : request.priorities.map { [$0] }
        for priorities in rounds {
            for (index, queue) in request.queues.enumerated() where found.jobs.count < request.count {
                do {
                    try await look(into: queue, priorities, for: request, index: index, found: &found)
                } catch {
                    // Jobs that were taken are handed out in any case.
                    guard !found.jobs.isEmpty else { throw error }
                    return found
                }
            }
        }
        return found
    }

    private func look(
        into queue: String,
        _ priorities: [JobPriority],
        for request: ClaimRequest,
        index: Int,
        found: inout Found
    ) async throws {
        let place = "claim from queue '\(queue)'"
        let ranks = priorities.map { RedisCommand.Argument.number($0.number) }
        let reply = try await run(
            QueueScripts.claim,
            on: keys(of: queue).written,
            [.text(request.worker.rawValue), .number(request.count - found.jobs.count)] + ranks,
            at: place
        )
        guard let parts = reply.elements, parts.count == 3, let lasts = parts[1].elements,
            let jobs = parts[2].elements
        else { throw foreign(place) }
        if let due = parts[0].integer {
            found.nextDue = min(found.nextDue ?? .milliseconds(due), .milliseconds(due))
        }
        for job in jobs {
            guard let claimed = ClaimedJob(job.elements ?? [], queue: queue, worker: request.worker) else {
                throw foreign(place)
            }
            found.jobs.append(claimed)
        }
        for (priority, last) in zip(priorities, lasts) {
            if let entry = last.string.flatMap({ StreamID($0) }) { found.lasts[index].append((priority, entry)) }
        }
    }
}

extension ClaimedJob {
    /// Reads rank, entry and fields of a job.
    fileprivate init?(_ parts: [RESPValue], queue: String, worker: WorkerID) {
        guard parts.count == 9, let rank = parts[0].integer, let entry = parts[1].string.flatMap({ StreamID($0) }),
            let job = Job(parts[2...].map { $0 }, rank: rank, queue: queue)
        else { return nil }
        let lease = RedisLease(priority: job.priority, entry: entry, worker: worker.rawValue)
        self.init(job: job, lease: JobLease(queue: queue, job: job.id, token: lease.token))
    }
}

extension Job {
    /// Reads identity, attempts, operation, time, most attempts, payload and tags.
    init?(_ fields: [RESPValue], rank: Int, queue: String) {
        guard fields.count >= 7, let id = fields[0].string, let attempts = fields[1].integer,
            let operation = fields[2].string, let time = fields[3].integer, let maxAttempts = fields[4].integer,
            let payload = fields[5].bytes, let tags = fields[6].bytes, let priority = JobPriority(number: rank)
        else { return nil }
        let request = JobRequest(
            operation: operation,
            payload: payload,
            id: JobID(rawValue: id),
            priority: priority,
            maxAttempts: maxAttempts,
            tags: TagText.read(tags)
        )
        self.init(request, queue: queue, enqueuedAt: WallTime(sinceUnixEpoch: .milliseconds(time)))
        self.attempts = attempts
    }
}

extension Duration {
    /// Whole microseconds, rounded up.
    var microseconds: Int64 { Self.roundedUp(clampedNanoseconds, 1000) }

    /// Whole milliseconds, rounded up.
    var milliseconds: Int64 { Self.roundedUp(clampedNanoseconds, 1_000_000) }

    private static func roundedUp(_ nanoseconds: Int64, _ unit: Int64) -> Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: unit)
        return remainder > 0 ? quotient + 1 : quotient
    }
}
