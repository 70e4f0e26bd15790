internal import Synchronization

/// The signals of a sink as an asynchronous sequence, from the moment it was made.
///
/// ```swift
/// for await event in sink.events(matching: ["error.*"]) { report(event) }
/// ```
///
/// A bounded number of signals waits for a slow reader; when there is no room, the oldest is dropped and counted. The
/// subscription ends with the sequence: when a task that reads it is cancelled, or when it and its iterators are released.
///
/// **Ordering**: as the sink raises them. Each signal goes to one reader.
///
/// **Cancellation**: ends the sequence.
public struct SignalEvents: AsyncSequence, Sendable {
    /// What the sequence consists of.
    public typealias Element = SignalEvent
    /// Reading never fails.
    public typealias Failure = Never

    private let stream: AsyncStream<SignalEvent>
    private let drops: DropCount
    let end: @Sendable () -> Void

    private final class DropCount: Sendable {
        let value = Atomic(0)
    }

    init(of sink: SignalSink, matching patterns: SignalPatternSet?, bufferingNewest limit: Int) {
        let drops = DropCount()
        let (stream, continuation) = AsyncStream.makeStream(
            of: SignalEvent.self,
            bufferingPolicy: .bufferingNewest(Swift.max(1, limit))
        )
        let subscription = sink.subscribe(to: patterns) { event in
            if case .dropped = continuation.yield(event) { drops.value.wrappingAdd(1, ordering: .relaxed) }
        }
        continuation.onTermination = { _ in subscription.cancel() }
        self.stream = stream
        self.drops = drops
        end = { continuation.finish() }
    }

    /// How many signals were dropped because nobody had read them in time.
    public var droppedCount: Int { drops.value.load(ordering: .relaxed) }

    /// Reads the sequence.
    public func makeAsyncIterator() -> Iterator { Iterator(base: stream.makeAsyncIterator()) }

    /// Reads the sequence.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: AsyncStream<SignalEvent>.Iterator

        /// The next signal; `nil` when the task is cancelled or the subscription has ended.
        public mutating func next() async -> SignalEvent? { await base.next(isolation: #isolation) }

        /// The next signal; `nil` when the task is cancelled or the subscription has ended.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> SignalEvent? {
            await base.next(isolation: actor)
        }
    }
}

extension SignalSink {
    /// The signals that are raised from now on, for a reader that takes its time.
    ///
    /// - Parameters:
    ///   - patterns: Names and globs; `nil` means all signals.
    ///   - limit: How many signals wait to be read; less than 1 counts as 1.
    /// - Returns: The sequence; it subscribes at once.
    public func events(matching patterns: SignalPatternSet? = nil, bufferingNewest limit: Int = 256) -> SignalEvents {
        SignalEvents(of: self, matching: patterns, bufferingNewest: limit)
    }

    /// Lets `body` read the signals that are raised while it runs; the subscription ends with it.
    ///
    /// - Parameters:
    ///   - patterns: Names and globs; `nil` means all signals.
    ///   - limit: How many signals wait to be read; less than 1 counts as 1.
    ///   - body: What reads the signals.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withSubscription<Result>(
        to patterns: SignalPatternSet? = nil,
        bufferingNewest limit: Int = 256,
        _ body: (_ events: SignalEvents) async throws -> Result
    ) async rethrows -> Result {
        let events = events(matching: patterns, bufferingNewest: limit)
        defer { events.end() }
        return try await body(events)
    }
}
