internal import DequeModule
internal import EphemeralTime

extension MemoryQueue {
    /// How long a worker is shown after it was last heard of.
    private static let workerMemory = Duration.seconds(300)

    func status(now: Instant, wallTime: WallTime) -> QueueStatus {
        var status = counters
        for priority in JobPriority.allCases {
            let line = waiting[priority.rank]
            status.waiting[priority] = line.count
            status.oldestWaiting[priority] = line.first.map { wallTime.sinceUnixEpoch - $0.enqueuedAt.sinceUnixEpoch }
        }
        status.running = running.count
        status.delayed = delayedCount
        status.dead = dead.count
        status.workers = workers.mapValues { $0.duration(to: now) }.filter { $0.value < Self.workerMemory }
        return status
    }

    func deadLetters(after last: JobID?, limit: Int) -> [DeadLetter] {
        var rest = dead[...]
        if let last, let index = dead.firstIndex(where: { $0.letter.job.id == last }) { rest = dead[(index + 1)...] }
        return rest.prefix(max(0, limit)).map(\.letter)
    }

    /// Takes dead letters out.
    mutating func exhume(_ selection: DeadLetterSelection, now: Instant) -> [Job] {
        let isMeant: (Dead) -> Bool
        switch selection {
        case .all: isMeant = { _ in true }
        case .jobs(let ids):
            let ids = Set(ids)
            isMeant = { ids.contains($0.letter.job.id) }
        case .operation(let name): isMeant = { $0.letter.job.operation == name }
        case .olderThan(let age): isMeant = { $0.since.duration(to: now) > age }
        }
        defer { dead.removeAll(where: isMeant) }
        return dead.filter(isMeant).map(\.letter.job)
    }
}
