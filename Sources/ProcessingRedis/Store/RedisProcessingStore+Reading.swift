internal import EphemeralTime
public import Processing

extension RedisProcessingStore {
    /// The queues that have ever had a job; see `JobStore/queues()`.
    public func queues() async throws -> [String] {
        try Task.checkCancellation()
        let reply = try await translating("queues") { try await client.call(RedisCommand("SMEMBERS", .text(namesKey))) }
        guard let names = reply.elements else { throw foreign("queues") }
        return names.compactMap(\.string).sorted()
    }

    /// One consistent reading of each queue; see `JobStore/status(of:)`.
    public func status(of queues: [String]) async throws -> [QueueStatus] {
        var statuses: [QueueStatus] = []
        for queue in queues {
            let place = "status of queue '\(queue)'"
            let reply = try await run(QueueScripts.status, on: keys(of: queue).written, [], at: place)
            guard let parts = reply.elements, parts.count.isMultiple(of: 2) else { throw foreign(place) }
            statuses.append(QueueStatus(parts, of: queue))
        }
        return statuses
    }

    /// Dead letters of a queue, oldest first; see `JobStore/deadLetters(in:after:limit:)`.
    public func deadLetters(in queue: String, after last: JobID?, limit: Int) async throws -> [DeadLetter] {
        guard limit > 0 else { return [] }
        let place = "dead letters of queue '\(queue)'"
        let reply = try await run(
            QueueScripts.deadLetters,
            on: keys(of: queue).written,
            [.text(last?.rawValue ?? ""), .number(limit)],
            at: place
        )
        guard let letters = reply.elements else { throw foreign(place) }
        return try letters.map { letter in
            guard let letter = DeadLetter(letter, queue: queue) else { throw foreign(place) }
            return letter
        }
    }

    /// Lets dead letters wait again; see `JobStore/requeueDeadLetters(_:in:)`.
    public func requeueDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await exhume("requeue", selection, in: queue)
    }

    /// Removes dead letters for good; see `JobStore/discardDeadLetters(_:in:)`.
    public func discardDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await exhume("discard", selection, in: queue)
    }

    /// Takes dead letters out, page by page, up to the one that is the newest now.
    private func exhume(
        _ purpose: String,
        _ selection: DeadLetterSelection,
        in queue: String
    ) async throws -> [JobID] {
        let place = "\(purpose) dead letters of queue '\(queue)'"
        var jobs: [JobID] = []
        var (after, last) = ("", "")
        while true {
            let reply = try await run(
                QueueScripts.exhume,
                on: keys(of: queue).written,
                [.text(purpose), .text(after), .text(last)] + selection.arguments,
                at: place
            )
            guard let parts = reply.elements, parts.count == 3, let newest = parts[1].string,
                let exhumed = parts[2].jobs
            else { throw foreign(place) }
            jobs += exhumed
            guard let next = parts[0].string else { return jobs }
            (after, last) = (next, newest)
        }
    }
}

extension DeadLetterSelection {
    fileprivate var arguments: [RedisCommand.Argument] {
        switch self {
        case .all: ["all"]
        case .jobs(let ids): ["jobs"] + ids.map { .text($0.rawValue) }
        case .operation(let name): ["operation", .text(name)]
        case .olderThan(let age): ["age", .integer(age.milliseconds)]
        }
    }
}

extension QueueStatus {
    /// Reads names and values in turn.
    fileprivate init(_ parts: [RESPValue], of queue: String) {
        self.init(queue: queue)
        for index in stride(from: 0, to: parts.count - 1, by: 2) {
            guard let name = parts[index].string, let value = parts[index + 1].integer else { continue }
            let words = name.split(separator: ":", maxSplits: 1).map(String.init)
            let priority = words.count == 2 ? Int(words[1]).flatMap { JobPriority(number: $0) } : nil
            switch words[0] {
            case "waiting": if let priority { waiting[priority] = value }
            case "age": if let priority { oldestWaiting[priority] = .milliseconds(value) }
            case "running": running = value
            case "delayed": delayed = value
            case "dead": dead = value
            case "enq": enqueued = value
            case "done": done = value
            case "discarded": discarded = value
            case "retried": retried = value
            case "expired": expiredLeases = value
            case "worker": workers[WorkerID(rawValue: words.count == 2 ? words[1] : "")] = .milliseconds(value)
            default: break
            }
        }
    }
}

extension DeadLetter {
    /// Reads the fields of an entry.
    fileprivate init?(_ entry: RESPValue, queue: String) {
        let names = ["i", "a", "o", "t", "m", "e", "h"]
        guard let rank = entry.value(of: "p")?.integer,
            let job = Job(names.map { entry.value(of: $0) ?? .null }, rank: rank, queue: queue),
            let reason = entry.value(of: "why")?.string, let died = entry.value(of: "d")?.integer
        else { return nil }
        self.init(
            job: job,
            reason: DeathReason(rawValue: reason),
            error: entry.value(of: "err")?.string ?? "",
            worker: entry.value(of: "w")?.string.map(WorkerID.init(rawValue:)),
            diedAt: WallTime(sinceUnixEpoch: .milliseconds(died))
        )
    }
}
