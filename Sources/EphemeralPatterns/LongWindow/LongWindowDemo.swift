public import Ephemeral
internal import EphemeralTime

/// Shows that as many finished operations stay visible as the window says, be it tiny or long enough for an audit.
///
/// ```swift
/// let report = try await LongWindowDemo.run(totalItems: 10_000, windowSize: 2_000)
/// // report.trackedCount == 2_000
/// ```
public enum LongWindowDemo {
    /// What a run did.
    public struct Report: Sendable, Hashable {
        /// How many operations may stay visible.
        public let windowSize: Int
        /// How many items were processed.
        public let totalItems: Int
        /// How many operations were visible at the end.
        public let trackedCount: Int
    }

    /// The options of a coordinator whose finished operations stay visible up to a number, whatever their age.
    ///
    /// - Parameters:
    ///   - windowSize: How many finished operations may stay visible.
    ///   - options: Everything else.
    /// - Returns: The options with the window replaced.
    public static func windowOptions(
        windowSize: Int,
        in options: EphemeralOptions = EphemeralOptions()
    ) -> EphemeralOptions {
        var options = options
        options.maxTrackedOperations = windowSize
        options.maxOperationLifetime = nil
        return options
    }

    /// Processes items and counts what is visible afterwards: the smaller of both numbers.
    ///
    /// **Cancellation**: cancels the work, waits for it and throws `CancellationError`.
    ///
    /// - Parameters:
    ///   - totalItems: How many items to process.
    ///   - windowSize: How many finished operations may stay visible.
    ///   - workDelay: How long each item takes.
    ///   - options: Clock, executor, limit; the window is replaced, and has no age.
    /// - Returns: The numbers.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number or time is negative.
    public static func run(
        totalItems: Int,
        windowSize: Int,
        workDelay: Duration = .zero,
        options: EphemeralOptions = EphemeralOptions()
    ) async throws -> Report {
        try Validation.notNegative(totalItems, "totalItems")
        try Validation.notNegative(windowSize, "windowSize")
        try Validation.notNegative(workDelay, "workDelay")
        let time = options.time
        let options = windowOptions(windowSize: windowSize, in: options)
        let tracked = try await withWorkCoordinator(options: options) { (_: Int, _) in
            if workDelay > .zero { try await time.sleep(for: workDelay) }
        } run: { coordinator in
            for item in 0..<totalItems { try await coordinator.enqueue(item) }
            try await coordinator.drain()
            return coordinator.operations(in: .finished).count
        }
        return Report(windowSize: windowSize, totalItems: totalItems, trackedCount: tracked)
    }
}
