public import Ephemeral
internal import EphemeralTime

/// Reads that pause while an update works: a run that shows it, and the options that make it.
///
/// ```swift
/// let result = try await SignalCoordinatedReads.run(readCount: 10, updateCount: 1)
/// print(result.readsCompleted, result.updatesCompleted, result.signals)
/// ```
public enum SignalCoordinatedReads {
    /// What a run did.
    public struct Report: Sendable, Hashable {
        /// Reads whose body returned.
        public let readsCompleted: Int
        /// Updates whose body returned.
        public let updatesCompleted: Int
        /// The names of all signals, in the order in which they were raised.
        public let signals: [String]
    }

    /// The options of a coordinator whose operations do not start while an update works.
    ///
    /// They start again with `update.done`, or when `update.in-progress` is taken back; the one in front waits 500 × 20 ms at
    /// most.
    ///
    /// - Parameters:
    ///   - sink: Where an ``UpdateGate`` raises its signals.
    ///   - options: Everything else.
    /// - Returns: The options with sink, deferral and limit replaced; 4 reads at a time.
    public static func readerOptions(
        sink: SignalSink,
        in options: EphemeralOptions = EphemeralOptions()
    ) -> EphemeralOptions {
        var options = options.limited(to: 4, sink: sink)
        options.signals.deferOn = [UpdateGate.updating]
        options.signals.resumeOn = [UpdateGate.updated]
        options.signals.deferCheckInterval = .milliseconds(20)
        options.signals.maxDeferAttempts = 500
        return options
    }

    /// Runs reads with updates spread among them, and returns when all are done.
    ///
    /// **Cancellation**: cancels reads and updates, waits for them and throws `CancellationError`.
    ///
    /// - Parameters:
    ///   - readCount: How many reads.
    ///   - updateCount: How many updates.
    ///   - readDuration: How long each read takes.
    ///   - updateDuration: How long each update takes.
    ///   - options: The clock and the executor of everything, and what else coordinators do.
    /// - Returns: What was done, and all signals.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number is negative.
    public static func run(
        readCount: Int = 10,
        updateCount: Int = 1,
        readDuration: Duration = .milliseconds(5),
        updateDuration: Duration = .milliseconds(10),
        options: EphemeralOptions = EphemeralOptions()
    ) async throws -> Report {
        try Validation.notNegative(readCount, "readCount")
        try Validation.notNegative(updateCount, "updateCount")
        let time = options.time
        let sink = SignalSink(time: time)
        let names = RaisedNames(of: sink)
        let gate = UpdateGate(sink: sink)
        let readers = try WorkCoordinator<Int>(options: readerOptions(sink: sink, in: options)) { _ in
            try await gate.read { try await time.sleep(for: readDuration) }
        }
        let updaters = try WorkCoordinator<Int>(options: options.limited(to: 1, sink: sink)) { _ in
            try await gate.update { try await time.sleep(for: updateDuration) }
        }
        do {
            // An update comes after its share of the reads.
            let share = readCount / (updateCount + 1)
            for update in 0..<updateCount {
                for read in 0..<share { try await readers.enqueue(update * share + read) }
                try await updaters.enqueue(update)
            }
            for read in (updateCount * share)..<readCount { try await readers.enqueue(read) }
            try await readers.drain()
            try await updaters.drain()
        } catch {
            await readers.shutdown()
            await updaters.shutdown()
            throw error
        }
        await readers.shutdown()
        await updaters.shutdown()
        return Report(
            readsCompleted: readers.stats.completed,
            updatesCompleted: updaters.stats.completed,
            signals: names.all
        )
    }
}
