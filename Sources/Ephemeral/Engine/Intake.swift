public import DequeModule

/// Where producers put items: the back half of the queue, under a lock of its own, so that producers and workers meet
/// once per batch instead of once per item.
///
/// Workers take everything over when the front half has nothing to start; every rare event takes it over first and then
/// sees one queue. Lock order: the state, then the intake.
@usableFromInline
struct Intake<Entry: Sendable>: Sendable {
    @usableFromInline var entries: Deque<Entry> = []
    /// How many more items may come before somebody has to look at the whole queue.
    ///
    /// Never more than there is room.
    @usableFromInline var room: Int
    /// Whether the next arrival has to look for a worker.
    @usableFromInline var wantsWakeUp = true
    @usableFromInline var isOpen = true

    @usableFromInline
    init(room: Int) {
        self.room = room
    }

    /// What became of an item.
    @usableFromInline
    enum Admission: Sendable {
        case accepted
        /// Accepted, and a worker has to be found for it.
        case acceptedAndWanted
        /// The whole queue has to be looked at.
        case unclear
        case closed
    }

    @inlinable
    mutating func append(_ entry: Entry) -> Admission {
        guard isOpen else { return .closed }
        guard room > 0 else { return .unclear }
        room &-= 1
        entries.append(entry)
        guard wantsWakeUp else { return .accepted }
        wantsWakeUp = false
        return .acceptedAndWanted
    }
}
