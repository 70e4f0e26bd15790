/// Who sleeps, by deadline and then by the order of falling asleep; whoever is cancelled leaves in logarithmic time.
struct SleeperHeap: Sendable {
    /// What a sleeper is known by from before it suspends until it leaves.
    struct Ticket: Sendable {
        fileprivate let slot: Int
        fileprivate let sequence: UInt64
    }

    private enum Place: Sendable {
        case notYetAsleep
        case cancelledEarly
        case asleep(position: Int, SleeperContinuation)
    }

    private struct Slot: Sendable {
        var sequence: UInt64
        var place: Place
    }

    private struct Entry: Sendable {
        let deadline: Timestamp
        let sequence: UInt64
        let slot: Int

        static func < (left: Entry, right: Entry) -> Bool {
            left.deadline == right.deadline ? left.sequence < right.sequence : left.deadline < right.deadline
        }
    }

    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var heap: [Entry] = []
    private var lastSequence: UInt64 = 0

    var count: Int { heap.count }

    var earliest: Timestamp? { heap.first?.deadline }

    /// A place for somebody who is about to sleep, and who may be cancelled before that.
    mutating func reserve() -> Ticket {
        lastSequence += 1
        let slot = Slot(sequence: lastSequence, place: .notYetAsleep)
        guard let index = freeSlots.popLast() else {
            slots.append(slot)
            return Ticket(slot: slots.count - 1, sequence: lastSequence)
        }
        slots[index] = slot
        return Ticket(slot: index, sequence: lastSequence)
    }

    /// - Returns: Whether the sleeper sleeps; otherwise it was cancelled before, and its place is free.
    mutating func fallAsleep(_ ticket: Ticket, until deadline: Timestamp, _ continuation: SleeperContinuation) -> Bool {
        if case .cancelledEarly = slots[ticket.slot].place {
            free(ticket.slot)
            return false
        }
        slots[ticket.slot].place = .asleep(position: heap.count, continuation)
        heap.append(Entry(deadline: deadline, sequence: ticket.sequence, slot: ticket.slot))
        siftUp(heap.count - 1)
        return true
    }

    /// The sleeper's task is cancelled.
    ///
    /// - Returns: The sleeper, if it was asleep.
    mutating func cancel(_ ticket: Ticket) -> SleeperContinuation? {
        guard slots[ticket.slot].sequence == ticket.sequence else { return nil }
        switch slots[ticket.slot].place {
        case .asleep(let position, _): return remove(at: position)
        case .notYetAsleep, .cancelledEarly:
            slots[ticket.slot].place = .cancelledEarly
            return nil
        }
    }

    /// Takes out whoever is due first, if that is not after `instant`.
    mutating func popDue(at instant: Timestamp) -> SleeperContinuation? {
        guard let first = heap.first, first.deadline <= instant else { return nil }
        return remove(at: 0)
    }

    private mutating func remove(at position: Int) -> SleeperContinuation? {
        let slot = heap[position].slot
        let last = heap.removeLast()
        if position < heap.count {
            place(last, at: position)
            siftDown(position)
            siftUp(position)
        }
        guard case .asleep(_, let continuation) = slots[slot].place else { return nil }
        free(slot)
        return continuation
    }

    private mutating func free(_ slot: Int) {
        // No ticket has this number: a late cancellation finds its sleeper gone.
        slots[slot] = Slot(sequence: 0, place: .notYetAsleep)
        freeSlots.append(slot)
    }

    private mutating func place(_ entry: Entry, at position: Int) {
        heap[position] = entry
        guard case .asleep(_, let continuation) = slots[entry.slot].place else { return }
        slots[entry.slot].place = .asleep(position: position, continuation)
    }

    private mutating func siftUp(_ start: Int) {
        let entry = heap[start]
        var position = start
        while position > 0, entry < heap[(position - 1) / 2] {
            place(heap[(position - 1) / 2], at: position)
            position = (position - 1) / 2
        }
        if position != start { place(entry, at: position) }
    }

    private mutating func siftDown(_ start: Int) {
        let entry = heap[start]
        var position = start
        while 2 * position + 1 < heap.count {
            var child = 2 * position + 1
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < entry else { break }
            place(heap[child], at: position)
            position = child
        }
        if position != start { place(entry, at: position) }
    }
}
