public import DequeModule
public import HeapModule

/// The keys whose first operation may start, in the order in which they get their turn: the one that has waited longest
/// first, or, with fair scheduling, one after the other.
@usableFromInline
struct ReadyKeys: Sendable {
    @usableFromInline
    struct Turn: Comparable, Sendable {
        @usableFromInline let arrival: UInt64
        @usableFromInline let key: Int

        @inlinable
        init(arrival: UInt64, key: Int) {
            self.arrival = arrival
            self.key = key
        }

        @inlinable
        static func < (left: Turn, right: Turn) -> Bool { left.arrival < right.arrival }
    }

    @usableFromInline let isFair: Bool
    /// Keys in the order of their turns, as long as they came in that order.
    @usableFromInline var inOrder: Deque<Turn> = []
    /// Keys that became ready later than keys behind them.
    @usableFromInline var late: Heap<Turn> = []

    @inlinable
    init(isFair: Bool) { self.isFair = isFair }

    @inlinable var isEmpty: Bool { inOrder.isEmpty && late.isEmpty }

    @inlinable
    mutating func insert(_ key: Int, arrival: UInt64) {
        let turn = Turn(arrival: arrival, key: key)
        if isFair || inOrder.last.map({ $0.arrival < arrival }) ?? true {
            inOrder.append(turn)
        } else {
            late.insert(turn)
        }
    }

    @inlinable var next: Int? {
        guard let late = late.min else { return inOrder.first?.key }
        guard let first = inOrder.first, first.arrival < late.arrival else { return late.key }
        return first.key
    }

    @inlinable
    mutating func removeNext() -> Int? {
        guard let late = late.min else { return inOrder.popFirst()?.key }
        guard let first = inOrder.first, first.arrival < late.arrival else { return self.late.popMin()?.key }
        inOrder.removeFirst()
        return first.key
    }
}
