internal import Synchronization

/// Hands out operation numbers to closed producers: dense, each once, up to the limit of the phase.
final class ClaimCounter: Sendable {
    private let next = Atomic<Int>(0)
    private let limit = Atomic<Int>(.max)

    /// Claims up to `count` numbers; `nil` when the phase has no more.
    func claim(upTo count: Int) -> Range<Int>? {
        let limit = limit.load(ordering: .relaxed)
        let start = next.wrappingAdd(count, ordering: .relaxed).oldValue
        guard start < limit else { return nil }
        return start..<min(start + count, limit)
    }

    /// Claims one number; `nil` when the phase has no more.
    @inline(__always)
    func claimOne() -> Int? {
        let limit = limit.load(ordering: .relaxed)
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < limit ? index : nil
    }

    /// How many numbers have been given out, where they are claimed one by one.
    var claimed: Int { min(next.load(ordering: .acquiring), limit.load(ordering: .acquiring)) }

    /// Starts a phase of a number of operations, or of any number.
    func beginPhase(operations: Int?) {
        // Claims that came too late have pushed `next` past the old limit; the numbers in between were never given out.
        let base = claimed
        next.store(base, ordering: .relaxed)
        limit.store(operations.map { base + $0 } ?? .max, ordering: .relaxed)
    }
}
