extension WorkCoordinator {
    /// Creates a coordinator that takes its items from a sequence, at the pace of its bodies, and finishes with it.
    ///
    /// If the sequence throws, nothing more is taken, what was accepted still runs, and draining throws the error.
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
        engine.consume(source) { _ in Unrouted() }
    }
}

extension KeyedWorkCoordinator {
    /// Creates a coordinator that takes its items from a sequence, at the pace of its bodies, and finishes with it.
    ///
    /// If the sequence throws, nothing more is taken, what was accepted still runs, and draining throws the error.
    ///
    /// - Parameters:
    ///   - source: Where items come from.
    ///   - options: How the coordinator behaves.
    ///   - key: What an item is ordered by.
    ///   - body: What is done with each item.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    public convenience init<Source: AsyncSequence & Sendable>(
        consuming source: Source,
        options: EphemeralOptions = EphemeralOptions(),
        key: @escaping @Sendable (_ item: Item) -> Key,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws where Source.Element == Item {
        try self.init(options: options, key: key, body: body)
        engine.consume(source) { KeyedQueue<Key, Item>.Route(key: key($0), lane: 0) }
    }
}

extension ResultCoordinator {
    /// Creates a coordinator that takes its inputs from a sequence, at the pace of its bodies, and finishes with it.
    ///
    /// If the sequence throws, nothing more is taken, what was accepted still runs, and draining throws the error.
    ///
    /// - Parameters:
    ///   - source: Where inputs come from.
    ///   - options: How the coordinator behaves.
    ///   - body: What makes a result of an input.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    public convenience init<Source: AsyncSequence & Sendable>(
        consuming source: Source,
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ input: Input, _ context: OperationContext) async throws -> Output
    ) throws where Source.Element == Input {
        try self.init(options: options, body: body)
        engine.consume(source) { _ in ResultCell() }
    }
}
