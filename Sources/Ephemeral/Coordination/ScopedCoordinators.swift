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

/// Runs a keyed coordinator for the length of a closure: it is drained when the closure returns, and shut down when it
/// throws.
///
/// **Cancellation**: shuts the coordinator down and throws `CancellationError`.
///
/// - Parameters:
///   - options: How the coordinator behaves.
///   - key: What an item is ordered by.
///   - handling: What is done with each item.
///   - run: What uses the coordinator.
/// - Returns: What `run` returns.
/// - Throws: What `run` throws, and ``CoordinatorError`` when an option is outside its range.
@inlinable
public func withKeyedWorkCoordinator<Key: Hashable & Sendable, Item: Sendable, Result>(
    options: EphemeralOptions = EphemeralOptions(),
    key: @escaping @Sendable (_ item: Item) -> Key,
    handling: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void,
    run: (_ coordinator: KeyedWorkCoordinator<Key, Item>) async throws -> Result
) async throws -> Result {
    try await withControlled(try KeyedWorkCoordinator(options: options, key: key, body: handling), run: run)
}

/// Runs a coordinator with results for the length of a closure: it is drained when the closure returns, and shut down when
/// it throws.
///
/// **Cancellation**: shuts the coordinator down and throws `CancellationError`.
///
/// - Parameters:
///   - options: How the coordinator behaves.
///   - handling: What makes a result of an input.
///   - run: What uses the coordinator.
/// - Returns: What `run` returns.
/// - Throws: What `run` throws, and ``CoordinatorError`` when an option is outside its range.
@inlinable
public func withResultCoordinator<Input: Sendable, Output: Sendable, Result>(
    options: EphemeralOptions = EphemeralOptions(),
    handling: @escaping @Sendable (_ input: Input, _ context: OperationContext) async throws -> Output,
    run: (_ coordinator: ResultCoordinator<Input, Output>) async throws -> Result
) async throws -> Result {
    try await withControlled(try ResultCoordinator(options: options, body: handling), run: run)
}

/// Runs a coordinator with lanes for the length of a closure: it is drained when the closure returns, and shut down when it
/// throws.
///
/// **Cancellation**: shuts the coordinator down and throws `CancellationError`.
///
/// - Parameters:
///   - lanes: The lanes, highest priority first.
///   - options: How the coordinator behaves.
///   - handling: What is done with each item.
///   - run: What uses the coordinator.
/// - Returns: What `run` returns.
/// - Throws: What `run` throws, and ``CoordinatorError`` when an option or a lane is outside its range.
public func withPriorityWorkCoordinator<Item: Sendable, Result>(
    lanes: [PriorityLane],
    options: EphemeralOptions = EphemeralOptions(),
    handling: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void,
    run: (_ coordinator: PriorityWorkCoordinator<Item>) async throws -> Result
) async throws -> Result {
    try await withControlled(try PriorityWorkCoordinator(lanes: lanes, options: options, body: handling), run: run)
}
