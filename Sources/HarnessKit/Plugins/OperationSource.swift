/// Operations for a target that pulls them.
///
/// A closed load that awaits acceptance is a plain loop: `next()` of its iterator returns at once, and ``synchronous`` offers
/// the same as a `Sequence`. Other loads suspend until the next operation is due.
public struct OperationSource: AsyncSequence, Sendable {
    /// What the source gives.
    public typealias Element = Operation
    /// Operations come without errors.
    public typealias Failure = Never

    private let pull: @Sendable () async -> Operation?
    /// The same operations as a sequence that never suspends, where the load allows it.
    public let synchronous: SynchronousOperations?

    /// Creates a source.
    public init(synchronous: SynchronousOperations?, pull: @escaping @Sendable () async -> Operation?) {
        self.synchronous = synchronous
        self.pull = pull
    }

    /// An iterator over the operations.
    public func makeAsyncIterator() -> Iterator { Iterator(pull: pull) }

    /// Iterates over a source.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let pull: @Sendable () async -> Operation?

        /// The next operation.
        public mutating func next() async -> Operation? { await pull() }
        /// The next operation.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Operation? { await pull() }
    }
}

/// A sequence of operations that never suspends.
public struct SynchronousOperations: Sequence, Sendable {
    private let pull: @Sendable () -> Operation?

    /// Creates a sequence that ends at the first `nil`.
    public init(pull: @escaping @Sendable () -> Operation?) {
        self.pull = pull
    }

    /// An iterator over the operations.
    public func makeIterator() -> AnyIterator<Operation> { AnyIterator(pull) }
}
