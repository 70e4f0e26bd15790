/// What an operation does, as targets call it; made by the runner for each run.
public struct OperationBody: Sendable {
    private let run: @Sendable (Operation, AttemptPlace) async throws -> Void

    /// Creates a body from what is called once per attempt.
    public init(run: @escaping @Sendable (_ operation: Operation) async throws -> Void) {
        self.run = { operation, _ in try await run(operation) }
    }

    /// Creates a body from what is called once per attempt, with where in the target it is made.
    public init(at run: @escaping @Sendable (_ operation: Operation, _ place: AttemptPlace) async throws -> Void) {
        self.run = run
    }

    /// Runs one attempt of an operation: records it, spends its work time, throws what the scenario scripts.
    ///
    /// **Cancellation**: work that suspends ends early with `CancellationError`.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - place: Where in the target the attempt is made, which the history shows.
    /// - Throws: The scripted error, or `CancellationError`.
    public func callAsFunction(_ operation: Operation, at place: AttemptPlace = AttemptPlace()) async throws {
        try await run(operation, place)
    }
}

/// Where in a target an attempt is made.
public struct AttemptPlace: Sendable, Hashable {
    /// The part that makes it, from 1, as the member of a group: faults may hit one part alone.
    ///
    /// 0 for a target without parts, which is all one part, the first, to faults.
    public var part: Int
    /// The number of the batch that it is in, from 1; 0 without batches.
    public var batch: Int

    /// Creates a place.
    public init(part: Int = 0, batch: Int = 0) {
        self.part = part
        self.batch = batch
    }

    /// What the history shows of it: the part, or else the batch.
    var number: Int { part > 0 ? part : batch }
}

/// How a target tells what the body cannot see.
public struct TargetObserver: Sendable {
    private let discard: @Sendable (Operation) -> Void
    private let deliver: @Sendable (Operation, Int?) -> Void
    private let end: @Sendable (Operation, (any Error)?) -> Void
    private let emit: @Sendable (Operation, String) -> Void

    /// Creates an observer.
    public init(
        discard: @escaping @Sendable (_ operation: Operation) -> Void,
        deliver: @escaping @Sendable (_ operation: Operation, _ result: Int?) -> Void = { _, _ in },
        end: @escaping @Sendable (_ operation: Operation, _ error: (any Error)?) -> Void = { _, _ in },
        emit: @escaping @Sendable (_ operation: Operation, _ signal: String) -> Void = { _, _ in }
    ) {
        self.discard = discard
        self.deliver = deliver
        self.end = end
        self.emit = emit
    }

    /// Tells that the target dropped an accepted operation which will never start.
    public func discarded(_ operation: Operation) {
        discard(operation)
    }

    /// Tells that whoever waited for an operation has been answered.
    ///
    /// A target with results lets its body return the operation's ``Operation/index``, so that a result shows whose it is.
    ///
    /// - Parameters:
    ///   - operation: The operation that was waited for.
    ///   - result: The result; `nil` when the answer was that there is none.
    public func delivered(_ operation: Operation, result: Int?) {
        deliver(operation, result)
    }

    /// Tells that an accepted operation has come to its end for good: its body is not called again.
    ///
    /// Told exactly once for each accepted operation that was not ``discarded(_:)``, by targets whose capabilities say
    /// ``TargetCapabilities/Ending/told``; the word of others is not needed.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - error: Why it failed; `nil` when it did not.
    public func ended(_ operation: Operation, error: (any Error)?) {
        end(operation, error)
    }

    /// Tells that an operation raised a signal, which the signal itself does not say.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - signal: The signal's name.
    public func emitted(_ operation: Operation, signal: String) {
        emit(operation, signal)
    }
}
