internal import DequeModule
internal import Ephemeral
internal import EphemeralTime

/// The buffer of a batching atom as a pure value: which items wait, where batches end, who waits for what.
struct BatchingStateMachine<Item: Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Items that are handed over together.
    struct Batch: Sendable {
        let number: UInt64
        let items: [Item]
    }

    /// What has to be done after the lock is released.
    struct Effects: Sendable {
        /// How many batches became ready.
        var turns = 0
        var alarm: AlarmOrder?
        var ready: [WaitingLine<Void>.Continuation] = []
        var refused: [WaitingLine<Void>.Continuation] = []
    }

    /// How the handling of a batch ended.
    enum Ending: Sendable {
        case delivered, failed, cancelled
    }

    private let maxBatchSize: Int
    private let flushInterval: Duration
    private let capacity: Int
    private var isOpen = true
    private var isCancelled = false
    private var buffer: [Item] = []
    private var sealed: Deque<Batch> = []
    private var lastSealed: UInt64 = 0
    /// All batches up to this one have ended.
    private var lastEnded: UInt64 = 0
    private var running: Batch?
    private var alarms = AlarmOrders()
    private var counters = BatchingStats()
    /// Callers with an item for which there is no room.
    var producers = WaitingLine<Item>()
    /// Callers that wait for all batches up to one.
    var flushers = WaitingLine<UInt64>()

    init(_ options: BatchingOptions) {
        maxBatchSize = options.maxBatchSize
        flushInterval = options.flushInterval
        capacity = options.maxBuffered ?? .max
    }

    var isClosed: Bool { !isOpen }

    var stats: BatchingStats { counters }

    // Items

    /// An item arrives.
    mutating func enqueue(_ item: Item, now: Instant, _ effects: inout Effects) -> Admission {
        guard isOpen else { return .closed }
        guard producers.isEmpty, counters.buffered < capacity else { return .full }
        append(item, now: now, &effects)
        return .accepted
    }

    /// A caller waits with its item.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func wait(
        _ caller: UInt64,
        with item: Item,
        now: Instant,
        _ continuation: WaitingLine<Item>.Continuation,
        _ effects: inout Effects
    ) -> Admission? {
        let admission = enqueue(item, now: now, &effects)
        guard case .full = admission else { return admission }
        return producers.add(caller, item, continuation) ? nil : .full
    }

    private mutating func append(_ item: Item, now: Instant, _ effects: inout Effects) {
        counters.enqueued += 1
        counters.buffered += 1
        buffer.append(item)
        if buffer.count == maxBatchSize {
            seal(&effects)
        } else if buffer.count == 1, let order = alarms.set(now.advanced(by: flushInterval)) {
            effects.alarm = order
        }
    }

    /// Ends the batch that is being filled.
    private mutating func seal(_ effects: inout Effects) {
        if let order = alarms.set(nil) { effects.alarm = order }
        guard !buffer.isEmpty else { return }
        lastSealed += 1
        sealed.append(Batch(number: lastSealed, items: buffer))
        buffer.removeAll(keepingCapacity: false)
        effects.turns += 1
    }

    // Batches

    /// The alarm of this number rings.
    mutating func intervalIsOver(_ order: UInt64, _ effects: inout Effects) {
        if alarms.hasRung(order) { seal(&effects) }
    }

    /// A worker asks for the next batch.
    mutating func begin(now: Instant, _ effects: inout Effects) -> Batch? {
        guard let batch = sealed.popFirst() else { return nil }
        running = batch
        counters.buffered -= batch.items.count
        counters.running = batch.items.count
        while counters.buffered < capacity, let producer = producers.popFirst() {
            append(producer.value, now: now, &effects)
            effects.ready.append(producer.continuation)
        }
        return batch
    }

    /// The running batch has ended.
    mutating func end(_ ending: Ending, _ effects: inout Effects) {
        guard let batch = running.take() else { preconditionFailure("a batch ended without having begun") }
        counters.running = 0
        switch ending {
        case .delivered:
            counters.delivered += batch.items.count
            counters.batchesDelivered += 1
        case .failed:
            counters.failed += batch.items.count
            counters.batchesFailed += 1
        case .cancelled:
            counters.cancelled += batch.items.count
        }
        lastEnded = isCancelled ? lastSealed : batch.number
        effects.ready += flushers.take { $0 <= lastEnded }.map(\.continuation)
    }

    // Flushing and the end

    /// Ends the batch that is being filled, and says which batch has to end before all that came so far is done.
    mutating func flush(_ effects: inout Effects) -> UInt64 {
        seal(&effects)
        return lastSealed
    }

    /// A caller waits for all batches up to one.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func wait(
        _ caller: UInt64,
        upTo batch: UInt64,
        _ continuation: WaitingLine<UInt64>.Continuation
    ) -> Result<Void, any Error>? {
        if lastEnded >= batch { return .success(()) }
        return flushers.add(caller, batch, continuation) ? nil : .failure(CancellationError())
    }

    /// Takes nothing more; what waits for room is turned away, what was accepted becomes batches.
    mutating func finish(_ effects: inout Effects) {
        guard isOpen else { return }
        isOpen = false
        effects.refused += producers.take().map(\.continuation)
        seal(&effects)
    }

    /// Takes nothing more and drops what waits.
    ///
    /// - Returns: The dropped items, in order.
    mutating func cancel(_ effects: inout Effects) -> [Item] {
        isOpen = false
        isCancelled = true
        effects.refused += producers.take().map(\.continuation)
        if let order = alarms.set(nil) { effects.alarm = order }
        let dropped = sealed.flatMap(\.items) + buffer
        sealed.removeAll()
        buffer.removeAll()
        counters.buffered = 0
        counters.cancelled += dropped.count
        if running == nil {
            lastEnded = lastSealed
            effects.ready += flushers.take().map(\.continuation)
        }
        return dropped
    }
}
