public import Ephemeral

/// Shows every way to react to signals in one run: at once, in the background, by dispatch, by asking, by holding back and by
/// dropping.
///
/// ```swift
/// let report = try await SignalReactionShowcase.run(itemCount: 8)
/// print(report.dispatchedHits, report.polledHits)
/// ```
public enum SignalReactionShowcase {
    /// What a run saw.
    public struct Report: Sendable, Hashable {
        /// `stage.done:*` that a dispatcher's handler got.
        public let dispatchedHits: Int
        /// `stage.done:*` that were in the sink at the end.
        public let polledHits: Int
        /// `stage.done:*` that `onSignal` got, on the task that emitted.
        public let immediateHits: Int
        /// `stage.done:*` that `onSignalAsync` got, in the background.
        public let backgroundHits: Int
        /// Items that started while `showcase.hold` was live: none.
        public let startedWhileHeld: Int
        /// Items that were dropped because of `showcase.stop`: the one that is brought while it is live.
        public let dropped: Int
        /// The names of all signals, in the order in which they were raised.
        public let signals: [String]
    }

    /// Processes items that emit `stage.start:{i}` and `stage.done:{i}`, and counts the reactions.
    ///
    /// **Cancellation**: cancels the work, waits for it and throws `CancellationError`.
    ///
    /// - Parameters:
    ///   - itemCount: How many items to process.
    ///   - options: Clock, executor, limit; what concerns signals is replaced.
    /// - Returns: What was seen.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when there are no items.
    public static func run(itemCount: Int = 8, options: EphemeralOptions = EphemeralOptions()) async throws -> Report {
        try Validation.positive(itemCount, "itemCount")
        let stage = try ShowcaseStage(itemCount: itemCount, options: options)
        do {
            let startedWhileHeld = try await stage.processHeldItems()
            try await stage.processStoppedItem()
            return try await stage.end(startedWhileHeld: startedWhileHeld)
        } catch {
            await stage.shutdown()
            throw error
        }
    }
}
