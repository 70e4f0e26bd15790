/// What an operation does, as targets call it; made by the runner for each run.
public struct OperationBody: Sendable {
    private let run: @Sendable (Operation) async throws -> Void

    /// Creates a body from what is called once per attempt.
    public init(run: @escaping @Sendable (_ operation: Operation) async throws -> Void) {
        self.run = run
    }

    /// Runs one attempt of an operation: records it, spends its work time, throws what the scenario scripts.
    ///
    /// **Cancellation**: work that suspends ends early with `CancellationError`.
    public func callAsFunction(_ operation: Operation) async throws {
        try await run(operation)
    }
}

/// How a target tells what the body cannot see.
public struct TargetObserver: Sendable {
    private let discard: @Sendable (Operation) -> Void
    private let deliver: @Sendable (Operation, Int?) -> Void

    /// Creates an observer.
    public init(
        discard: @escaping @Sendable (_ operation: Operation) -> Void,
        deliver: @escaping @Sendable (_ operation: Operation, _ result: Int?) -> Void = { _, _ in }
    ) {
        self.discard = discard
        self.deliver = deliver
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
}
