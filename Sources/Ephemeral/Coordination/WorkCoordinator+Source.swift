extension WorkCoordinator {
    /// Creates a coordinator that takes its items from a sequence, at the pace of its bodies, and finishes with it.
    ///
    /// If the sequence throws, nothing more is taken, what was accepted still runs, and ``drain()`` throws the error.
    ///
    /// - Parameters:
    ///   - source: Where items come from.
    ///   - options: How the coordinator behaves.
    ///   - body: What is done with each item.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    public convenience init<Source: AsyncSequence & Sendable>(
        consuming source: Source,
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws where Source.Element == Item {
        try self.init(options: options, body: body)
        engine.consume(source) { _ in }
    }
}

/// Runs a coordinator for the length of a closure: it is drained when the closure returns, and shut down when it throws.
///
/// **Cancellation**: shuts the coordinator down and throws `CancellationError`.
///
/// - Parameters:
///   - options: How the coordinator behaves.
///   - handling: What is done with each item.
///   - run: What uses the coordinator.
/// - Returns: What `run` returns.
/// - Throws: What `run` throws, and ``CoordinatorError`` when an option is outside its range.
@inlinable
public func withWorkCoordinator<Item: Sendable, Result>(
    options: EphemeralOptions = EphemeralOptions(),
    handling: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void,
    run: (_ coordinator: WorkCoordinator<Item>) async throws -> Result
) async throws -> Result {
    try await withControlled(try WorkCoordinator(options: options, body: handling), run: run)
}
