public import DequeModule

/// The callers of `enqueue` that wait for room, in their order; those that wait for different room in lines of their own.
@usableFromInline
struct WaitingProducers<Entry: Sendable>: Sendable {
    /// A caller whose item moves into the queue when there is room.
    @usableFromInline
    struct Producer: Sendable {
        @usableFromInline let waiter: UInt64
        @usableFromInline let entry: Entry
        @usableFromInline let continuation: CheckedContinuation<Void, any Error>

        @inlinable
        init(waiter: UInt64, entry: Entry, continuation: CheckedContinuation<Void, any Error>) {
            self.waiter = waiter
            self.entry = entry
            self.continuation = continuation
        }
    }

    @usableFromInline var lines: [Deque<Producer>]
    @usableFromInline private(set) var count = 0

    @usableFromInline
    init(lines: Int) { self.lines = Array(repeating: [], count: lines) }

    @inlinable var isEmpty: Bool { count == 0 }

    @usableFromInline
    mutating func append(_ producer: Producer, line: Int) {
        lines[line].append(producer)
        count += 1
    }

    @usableFromInline
    mutating func removeFirst(of line: Int) {
        lines[line].removeFirst()
        count -= 1
    }

    /// Takes a caller out, wherever it stands.
    @usableFromInline
    mutating func remove(_ waiter: UInt64) -> Producer? {
        for line in lines.indices {
            guard let index = lines[line].firstIndex(where: { $0.waiter == waiter }) else { continue }
            count -= 1
            return lines[line].remove(at: index)
        }
        return nil
    }

    /// Takes everybody out, in the order in which they came.
    mutating func removeAll() -> [Producer] {
        defer { self = WaitingProducers(lines: lines.count) }
        return lines.joined().sorted { $0.waiter < $1.waiter }
    }
}
