extension Sequence where Self: Sendable, Element: Sendable {
    /// Runs a body over all elements, in order for each key, and as many keys at a time as the limit allows.
    ///
    /// A key that is busy does not keep others waiting: elements are taken ahead in search of one whose key is free, fewer than
    /// a hundred.
    ///
    /// **Ordering**: bodies of one key start in the order of the elements.
    ///
    /// **Cancellation**: no more elements are taken, running bodies are cancelled and waited for; then throws
    /// `CancellationError`.
    ///
    /// - Parameters:
    ///   - options: How the work is done.
    ///   - key: What an element is ordered by. Called once per element.
    ///   - errorPolicy: What happens when a body throws.
    ///   - body: What is done with each element.
    /// - Returns: How many elements came to which end.
    /// - Throws: With ``ForEachErrorPolicy/failFast`` the first error of a body; ``CoordinatorError`` when an option is
    ///   outside its range.
    @inlinable
    @discardableResult
    public func forEach<Key: Hashable & Sendable>(
        options: EphemeralOptions,
        key: @escaping @Sendable (_ element: Element) -> Key,
        errorPolicy: ForEachErrorPolicy = .collect,
        body: @escaping @Sendable (_ element: Element, _ context: OperationContext) async throws -> Void
    ) async throws -> ForEachSummary {
        let errors = ForEachErrors(policy: errorPolicy)
        let engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: KeyedQueue<Key, Element>(options: options),
            base: EngineBase(options: options, inheritsContext: true),
            source: PullSource(self) { KeyedQueue<Key, Element>.Route(key: key($0), lane: 0) },
            body: errors.recording(body)
        )
        return try await ForEachRun(engine: engine, errors: errors, options: options).pullAll()
    }
}

extension AsyncSequence where Self: Sendable, Element: Sendable {
    /// Runs a body over all elements, in order for each key, and as many keys at a time as the limit allows.
    ///
    /// A key that is busy does not keep others waiting: elements are taken up to 64 ahead in search of one whose key is free.
    ///
    /// **Ordering**: bodies of one key start in the order of the elements.
    ///
    /// **Cancellation**: no more elements are taken, running bodies are cancelled and waited for; then throws
    /// `CancellationError`.
    ///
    /// - Parameters:
    ///   - options: How the work is done.
    ///   - key: What an element is ordered by. Called once per element.
    ///   - errorPolicy: What happens when a body throws.
    ///   - body: What is done with each element.
    /// - Returns: How many elements came to which end.
    /// - Throws: What the sequence throws, after the bodies have ended; with ``ForEachErrorPolicy/failFast`` the first error
    ///   of a body; ``CoordinatorError`` when an option is outside its range.
    @discardableResult
    public func forEach<Key: Hashable & Sendable>(
        options: EphemeralOptions,
        key: @escaping @Sendable (_ element: Element) -> Key,
        errorPolicy: ForEachErrorPolicy = .collect,
        body: @escaping @Sendable (_ element: Element, _ context: OperationContext) async throws -> Void
    ) async throws -> ForEachSummary {
        let errors = ForEachErrors(policy: errorPolicy)
        var options = options
        options.queueCapacity = CoordinatorCore.lookAhead
        let engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: KeyedQueue<Key, Element>(options: options),
            base: EngineBase(options: options, inheritsContext: true),
            body: errors.recording(body)
        )
        return try await ForEachRun(engine: engine, errors: errors, options: options).feedAll(self) {
            KeyedQueue<Key, Element>.Route(key: key($0), lane: 0)
        }
    }
}
