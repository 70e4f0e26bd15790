internal import DequeModule
internal import Synchronization

/// What the recorder remembers of operations between their events: when they were offered and how often they were tried.
///
/// An operation is forgotten when an attempt completes. One that failed may be tried again, so it stays, up to a bound
/// over all failed operations; past it the oldest is forgotten, and a further attempt of it would count from 1 again.
final class OfferTable: Sendable {
    private let shards = InlineArray<64, Shard> { _ in Shard() }

    private struct Shard: ~Copyable, Sendable {
        let entries = Mutex(OfferEntries())
        let padding = InlineArray<8, Int>(repeating: 0)
    }

    /// Remembers an operation that is about to be offered.
    func offer(_ index: Int, intended: Int64, submitted: Int64, phase: Int) {
        shards[index & 63].entries.withLock {
            $0.offer(index, OfferEntry(intended: intended, submitted: submitted, phase: phase))
        }
    }

    /// Counts an attempt that starts; an operation that was forgotten starts at attempt 1 without times.
    func start(_ index: Int) -> OfferEntry? {
        shards[index & 63].entries.withLock { $0.start(index) }
    }

    /// What is remembered of an operation.
    func entry(_ index: Int) -> OfferEntry? {
        shards[index & 63].entries.withLock { $0[index] }
    }

    /// Notes that an attempt ended, and that this was the last one if it succeeded.
    func finish(_ index: Int, succeeded: Bool, cancelled: Bool = false) {
        shards[index & 63].entries.withLock { $0.finish(index, succeeded: succeeded, cancelled: cancelled) }
    }

    /// Forgets an operation that was refused or dropped.
    func forget(_ index: Int) {
        shards[index & 63].entries.withLock { $0.forget(index) }
    }
}

/// What is remembered of one operation; times in nanoseconds from the start of the run.
struct OfferEntry: Equatable {
    var intended: Int64
    var submitted: Int64
    var phase: Int
    /// Attempts that have started.
    var attempts = 0
    /// Whether the last attempt that has ended was cancelled.
    var wasCancelled = false
}

/// The remembered operations of one shard.
struct OfferEntries {
    /// Failed operations that a shard remembers: a million over all shards.
    static let failedLimit = 16_384

    private var entries: [Int: OfferEntry] = [:]
    private var failed: Deque<Int> = []

    mutating func offer(_ index: Int, _ entry: OfferEntry) { entries[index] = entry }

    subscript(index: Int) -> OfferEntry? { entries[index] }

    mutating func start(_ index: Int) -> OfferEntry? {
        entries[index]?.attempts += 1
        return entries[index]
    }

    mutating func finish(_ index: Int, succeeded: Bool, cancelled: Bool = false) {
        guard !succeeded else {
            entries[index] = nil
            return
        }
        entries[index]?.wasCancelled = cancelled
        guard let entry = entries[index], entry.attempts == 1 else { return }
        failed.append(index)
        if failed.count > Self.failedLimit, let oldest = failed.popFirst() { entries[oldest] = nil }
    }

    mutating func forget(_ index: Int) { entries[index] = nil }

    /// How many operations are remembered.
    var count: Int { entries.count }
}
