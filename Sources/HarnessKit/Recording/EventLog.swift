internal import Synchronization

/// The events of a run while it lasts: one list of chunks per thread, merged when the run is over.
///
/// Appending takes an uncontended lock and never moves what is already there. Memory is bounded by `limit`: when that
/// many events are there, `onFull` is called once, and the runner ends the load; what is still in flight is recorded.
final class EventLog: Sendable {
    /// Events per chunk: large enough that growth is rare, small enough that a quiet thread wastes little.
    static let chunkSize = 8192

    private let shards = InlineArray<64, Shard> { _ in Shard() }
    private let stored = Atomic<Int>(0)
    private let limit: Int
    private let onFull: @Sendable () -> Void

    private struct Shard: ~Copyable, Sendable {
        let chunks = Mutex(EventChunks())
        let padding = InlineArray<8, Int>(repeating: 0)
    }

    /// Creates an empty log.
    ///
    /// - Parameters:
    ///   - limit: After how many events, rounded to chunks, `onFull` is called.
    ///   - onFull: Called at most once, on the thread that recorded the event.
    init(limit: Int, onFull: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.onFull = onFull
    }

    /// Records an event.
    func record(_ event: RecordedEvent) {
        let filled = shards[ThreadShards.current].chunks.withLock { $0.append(event) }
        if filled { chunkFilled() }
    }

    /// Records two events, in this order, for the price of one.
    func record(_ first: RecordedEvent, _ second: RecordedEvent) {
        let filled = shards[ThreadShards.current].chunks.withLock {
            let firstFilled = $0.append(first)
            let secondFilled = $0.append(second)
            return firstFilled || secondFilled
        }
        if filled { chunkFilled() }
    }

    /// All events so far, ordered by time; events of one thread keep their order where times are equal.
    func merged() -> [RecordedEvent] {
        var all: [RecordedEvent] = []
        all.reserveCapacity(stored.load(ordering: .relaxed) + ThreadShards.count * 64)
        for index in 0..<ThreadShards.count {
            shards[index].chunks.withLock { $0.copy(into: &all) }
        }
        // The concatenation is a handful of ascending runs, which the standard library's merge sort finds by itself;
        // it is stable.
        all.sort { $0.time < $1.time }
        return all
    }

    /// How many chunks there are, begun ones included.
    var chunkCount: Int {
        (0..<ThreadShards.count).reduce(0) { sum, index in sum + shards[index].chunks.withLock(\.count) }
    }

    private func chunkFilled() {
        let before = stored.wrappingAdd(Self.chunkSize, ordering: .relaxed).oldValue
        if before < limit, before + Self.chunkSize >= limit { onFull() }
    }
}

/// The events of one thread, in chunks of fixed capacity.
struct EventChunks {
    private var full: [[RecordedEvent]] = []
    private var open: [RecordedEvent] = []

    /// Appends an event and returns whether it filled a chunk.
    mutating func append(_ event: RecordedEvent) -> Bool {
        if open.capacity == 0 { open.reserveCapacity(EventLog.chunkSize) }
        open.append(event)
        guard open.count == EventLog.chunkSize else { return false }
        full.append(open)
        open = []
        return true
    }

    /// How many chunks there are, a begun one included.
    var count: Int { full.count + (open.capacity > 0 ? 1 : 0) }

    func copy(into all: inout [RecordedEvent]) {
        for chunk in full { all.append(contentsOf: chunk) }
        all.append(contentsOf: open)
    }
}
