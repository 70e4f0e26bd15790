extension CoordinatorRegistry {
    /// Registers a work coordinator by its body; see ``register(_:named:factory:)``.
    ///
    /// - Parameters:
    ///   - name: Its name; the empty one for the only one of its type.
    ///   - options: How it behaves.
    ///   - body: What is done with each item.
    /// - Throws: As ``register(_:named:factory:)`` does. Options outside their range show when the coordinator is made.
    public func registerWorkCoordinator<Item: Sendable>(
        named name: String = "",
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        try register(WorkCoordinator<Item>.self, named: name) { _ in try WorkCoordinator(options: options, body: body) }
    }

    /// The work coordinator of an item type and a name; see ``coordinator(_:named:)``.
    ///
    /// - Parameters:
    ///   - item: The type of its items.
    ///   - name: The name that it was registered under.
    /// - Returns: The coordinator, the same at every call.
    /// - Throws: As ``coordinator(_:named:)`` does.
    public func workCoordinator<Item: Sendable>(
        of item: Item.Type = Item.self,
        named name: String = ""
    ) async throws -> WorkCoordinator<Item> {
        try await coordinator(WorkCoordinator<Item>.self, named: name)
    }

    /// Registers a keyed coordinator by its key and body; see ``register(_:named:factory:)``.
    ///
    /// - Parameters:
    ///   - name: Its name; the empty one for the only one of its type.
    ///   - options: How it behaves.
    ///   - key: What an item is ordered by.
    ///   - body: What is done with each item.
    /// - Throws: As ``register(_:named:factory:)`` does. Options outside their range show when the coordinator is made.
    public func registerKeyedWorkCoordinator<Key: Hashable & Sendable, Item: Sendable>(
        named name: String = "",
        options: EphemeralOptions = EphemeralOptions(),
        key: @escaping @Sendable (_ item: Item) -> Key,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        try register(KeyedWorkCoordinator<Key, Item>.self, named: name) { _ in
            try KeyedWorkCoordinator(options: options, key: key, body: body)
        }
    }

    /// The keyed coordinator of a type of keys, a type of items and a name; see ``coordinator(_:named:)``.
    ///
    /// - Parameters:
    ///   - item: The type of its items.
    ///   - key: The type that they are ordered by.
    ///   - name: The name that it was registered under.
    /// - Returns: The coordinator, the same at every call.
    /// - Throws: As ``coordinator(_:named:)`` does.
    public func keyedWorkCoordinator<Key: Hashable & Sendable, Item: Sendable>(
        of item: Item.Type = Item.self,
        by key: Key.Type = Key.self,
        named name: String = ""
    ) async throws -> KeyedWorkCoordinator<Key, Item> {
        try await coordinator(KeyedWorkCoordinator<Key, Item>.self, named: name)
    }

    /// Registers a result coordinator by its body; see ``register(_:named:factory:)``.
    ///
    /// - Parameters:
    ///   - name: Its name; the empty one for the only one of its type.
    ///   - options: How it behaves.
    ///   - body: What makes a result of an input.
    /// - Throws: As ``register(_:named:factory:)`` does. Options outside their range show when the coordinator is made.
    public func registerResultCoordinator<Input: Sendable, Output: Sendable>(
        named name: String = "",
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ input: Input, _ context: OperationContext) async throws -> Output
    ) throws {
        try register(ResultCoordinator<Input, Output>.self, named: name) { _ in
            try ResultCoordinator(options: options, body: body)
        }
    }

    /// The result coordinator of a type of inputs, a type of outputs and a name; see ``coordinator(_:named:)``.
    ///
    /// - Parameters:
    ///   - input: The type of its inputs.
    ///   - output: The type of its results.
    ///   - name: The name that it was registered under.
    /// - Returns: The coordinator, the same at every call.
    /// - Throws: As ``coordinator(_:named:)`` does.
    public func resultCoordinator<Input: Sendable, Output: Sendable>(
        of input: Input.Type = Input.self,
        to output: Output.Type = Output.self,
        named name: String = ""
    ) async throws -> ResultCoordinator<Input, Output> {
        try await coordinator(ResultCoordinator<Input, Output>.self, named: name)
    }
}
