internal import EphemeralTime

extension MemoryProcessingStore {
    /// The queues that have ever had a job; see ``JobStore/queues()``.
    public func queues() async throws -> [String] {
        try change { state, _, _ in state.queues.keys.sorted() }
    }

    /// One consistent reading of each queue; see ``JobStore/status(of:)``.
    public func status(of queues: [String]) async throws -> [QueueStatus] {
        try change { state, now, wallTime in
            queues.map { state.queues[$0]?.status(now: now, wallTime: wallTime) ?? QueueStatus(queue: $0) }
        }
    }

    /// Dead letters of a queue, oldest first; see ``JobStore/deadLetters(in:after:limit:)``.
    public func deadLetters(in queue: String, after last: JobID?, limit: Int) async throws -> [DeadLetter] {
        try change { state, _, _ in state.queues[queue]?.deadLetters(after: last, limit: limit) ?? [] }
    }

    /// Lets dead letters wait again; see ``JobStore/requeueDeadLetters(_:in:)``.
    public func requeueDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        let jobs = try change { state, now, _ in
            let jobs = state.queues[queue]?.exhume(selection, now: now) ?? []
            for var job in jobs {
                job.attempts = 0
                state.queues[queue]?.append(job)
            }
            return jobs.map(\.id)
        }
        if !jobs.isEmpty { bell.ring() }
        return jobs
    }

    /// Removes dead letters for good; see ``JobStore/discardDeadLetters(_:in:)``.
    public func discardDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try change { state, now, _ in
            let jobs = state.queues[queue]?.exhume(selection, now: now) ?? []
            state.queues[queue]?.counters.discarded += jobs.count
            return jobs.map(\.id)
        }
    }
}
