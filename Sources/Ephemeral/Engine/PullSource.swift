public import DequeModule
public import EphemeralTime
public import Synchronization

/// A sequence that workers take items from themselves, a few at a time, when the queue is empty.
///
/// The iterator is code of the user; it runs under a lock of its own that guards nothing else.
@usableFromInline
final class PullSource<Queue: WorkQueue>: Sendable {
    /// How many items are taken at a time: the look-ahead.
    @usableFromInline static var batch: Int { 32 }

    @usableFromInline let next: Mutex<Pull>
    @usableFromInline let route: @Sendable (_ item: Queue.Item) -> Queue.Route

    /// The iterator behind a closure, so that the source has one type for all sequences.
    @usableFromInline
    struct Pull: ~Copyable {
        @usableFromInline var take: (() -> Queue.Item?)?
        @usableFromInline var batch: [Queue.Entry] = []

        @inlinable
        init(_ take: @escaping () -> Queue.Item?) { self.take = take }
    }

    @inlinable
    init(
        _ sequence: some Sequence<Queue.Item> & Sendable,
        route: @escaping @Sendable (_ item: Queue.Item) -> Queue.Route
    ) {
        next = Mutex(Self.pull(sequence))
        self.route = route
    }

    @inlinable
    static func pull(_ sequence: some Sequence<Queue.Item> & Sendable) -> sending Pull {
        var iterator = sequence.makeIterator()
        return Pull { iterator.next() }
    }

    /// Moves the next items into an intake, unless it was closed meanwhile or another worker has brought some.
    ///
    /// - Parameters:
    ///   - intake: Where the items go.
    ///   - base: What gives them their identities.
    ///   - hasEnough: Whether enough items are queued; called once no other worker can bring any.
    /// - Returns: Whether there may be more.
    @inlinable
    func refill(
        _ intake: borrowing Mutex<Intake<Queue.Entry>>,
        base: EngineBase,
        unless hasEnough: () -> Bool
    ) -> Bool {
        next.withLock { pull in
            guard let take = pull.take else { return false }
            guard !hasEnough() else { return true }
            let now = base.now
            pull.batch.removeAll(keepingCapacity: true)
            while pull.batch.count < Self.batch {
                guard let item = take() else {
                    pull.take = nil
                    break
                }
                pull.batch.append(QueueEntry(item: item, route: route(item), ticket: base.ticket(at: now)))
            }
            // A closed intake was emptied for the last time; what came now would be counted and never run.
            intake.withLock { if $0.isOpen { $0.entries.append(contentsOf: pull.batch) } }
            return pull.take != nil
        }
    }
}
