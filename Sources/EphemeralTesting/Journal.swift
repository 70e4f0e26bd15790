internal import Synchronization

/// A list that bodies, observers and signal handlers write to and a test reads, or waits for.
///
/// ```swift
/// let starts = Journal<Int>()
/// let coordinator = try WorkCoordinator<Int> { item in starts.record(item) }
/// try await coordinator.enqueue(contentsOf: 1...3)
/// let firstTwo = try await starts.first(2)
/// ```
public final class Journal<Element: Sendable>: Sendable {
    private let storage = Mutex<[Element]>([])
    private let tally = Tally()

    /// Creates an empty list.
    public init() {}

    /// Adds an element at the end.
    public func record(_ element: Element) {
        storage.withLock { $0.append(element) }
        tally.increment()
    }

    /// What has been recorded so far, in order.
    public var elements: [Element] { storage.withLock { $0 } }

    /// How many elements have been recorded so far.
    public var count: Int { storage.withLock { $0.count } }

    /// Suspends until this many elements have been recorded, and returns them.
    ///
    /// **Cancellation**: throws `CancellationError`.
    ///
    /// - Parameter count: How many elements to wait for.
    /// - Returns: The first `count` elements, in order.
    /// - Throws: `CancellationError` when the calling task is cancelled.
    public func first(_ count: Int) async throws -> [Element] {
        try await tally.reach(count)
        return storage.withLock { Array($0.prefix(max(0, count))) }
    }
}
