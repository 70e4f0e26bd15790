internal import DequeModule
internal import EphemeralTime

/// What is left of operations that have left the window, oldest first: bounded in number and age.
struct EchoRing: Sendable {
    private struct Echo: Sendable {
        let record: OperationRecord
        let leftAt: Timestamp
    }

    private let capacity: Int
    private let lifetime: Int64
    private var echoes: Deque<Echo> = []

    /// - Returns: `nil` when nothing is kept.
    init?(_ policy: EchoPolicy) {
        guard case .retain(let count, let age) = policy else { return nil }
        capacity = count
        lifetime = age.clampedNanoseconds
    }

    mutating func append(_ record: OperationRecord, now: Timestamp) {
        if echoes.count >= capacity { echoes.removeFirst() }
        echoes.append(Echo(record: record.echo, leftAt: now))
        trim(now: now)
    }

    /// Forgets what has been kept for long enough.
    mutating func trim(now: Timestamp) {
        while let first = echoes.first, first.leftAt.advanced(byNanoseconds: lifetime) <= now { echoes.removeFirst() }
    }

    func values(wallOffset: Duration) -> [OperationEcho] {
        echoes.map { $0.record.echo(leftAt: $0.leftAt, wallOffset: wallOffset) }
    }
}
