public import Ephemeral

/// A queue that holds its items back while anybody signals `backpressure.*`.
///
/// ```swift
/// let coordinator = try SignalDrivenBackpressure.create(sink: sink) { item in try await downstream.send(item) }
/// sink.raise("backpressure.downstream")     // what is enqueued from now on waits
/// for message in messages { try await coordinator.enqueue(message) }
/// sink.retract("backpressure.downstream")   // everything goes on at once
/// ```
///
/// Items are held back at their start: `enqueue` suspends only when the queue is full. While the signal stays, the item in
/// front waits 200 × 50 ms at most and then runs anyway, as does the next one 10 s later: a trickle that finds out whether
/// downstream still refuses.
public enum SignalDrivenBackpressure {
    /// The signals that hold items back.
    public static let deferringSignals: SignalPatternSet = ["backpressure.*"]

    /// Creates a coordinator that obeys backpressure.
    ///
    /// - Parameters:
    ///   - sink: Where the signals are.
    ///   - maxConcurrency: How many bodies run at a time.
    ///   - options: Everything else; its sink, its limit and its rules of deferral are replaced.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item.
    /// - Returns: The coordinator.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number is outside its range.
    public static func create<Item: Sendable>(
        sink: SignalSink,
        maxConcurrency: Int = 4,
        options: EphemeralOptions = EphemeralOptions(),
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws -> WorkCoordinator<Item> {
        try WorkCoordinator(
            options: rules(sink: sink, maxConcurrency: maxConcurrency, in: options),
            onDiscard: onDiscard,
            body: body
        )
    }

    /// Creates a coordinator that obeys backpressure, whose body does not look at its operation.
    ///
    /// - Parameters:
    ///   - sink: Where the signals are.
    ///   - maxConcurrency: How many bodies run at a time.
    ///   - options: Everything else; its sink, its limit and its rules of deferral are replaced.
    ///   - body: What is done with each item.
    /// - Returns: The coordinator.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number is outside its range.
    public static func create<Item: Sendable>(
        sink: SignalSink,
        maxConcurrency: Int = 4,
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ item: Item) async throws -> Void
    ) throws -> WorkCoordinator<Item> {
        try create(sink: sink, maxConcurrency: maxConcurrency, options: options) { item, _ in try await body(item) }
    }

    /// The rules of the pattern, for coordinators of another kind.
    ///
    /// - Parameters:
    ///   - sink: Where the signals are.
    ///   - maxConcurrency: How many bodies run at a time.
    ///   - options: Everything else.
    /// - Returns: The options with sink, limit and deferral replaced.
    public static func rules(
        sink: SignalSink,
        maxConcurrency: Int = 4,
        in options: EphemeralOptions = EphemeralOptions()
    ) -> EphemeralOptions {
        var options = options
        options.maxConcurrency = maxConcurrency
        options.signals.sink = sink
        options.signals.deferOn = deferringSignals
        options.signals.deferCheckInterval = .milliseconds(50)
        options.signals.maxDeferAttempts = 200
        return options
    }
}
