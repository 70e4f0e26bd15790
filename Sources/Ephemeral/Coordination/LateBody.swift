internal import Synchronization

/// The body of a coordinator that gets it later.
@usableFromInline
final class LateBody<Item: Sendable>: Sendable {
    typealias Body = @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void

    private let body = Mutex<Body?>(nil)

    /// Installs the body, once.
    ///
    /// - Returns: Whether there was none.
    func install(_ new: @escaping Body) -> Bool {
        body.withLock { body in
            guard body == nil else { return false }
            body = new
            return true
        }
    }

    /// Starts hold until a body is installed, so that there is one.
    @Sendable
    func callAsFunction(_ item: Item, _ context: OperationContext) async throws {
        guard let body = body.withLock({ $0 }) else {
            throw CoordinatorError(code: .invalidArgument, message: "the coordinator has no body; call process(_:)")
        }
        try await body(item, context)
    }
}

extension WorkEngine {
    /// Installs the body of a coordinator that was made without one, and waits until nothing is left.
    func process(_ late: LateBody<Item>?, with body: @escaping LateBody<Item>.Body) async throws {
        guard let late, late.install(body) else {
            throw CoordinatorError(
                code: .invalidArgument,
                message: "the coordinator has a body already; call process(_:) once, on one made without a body"
            )
        }
        control { $0.awaitsBody = false }
        try await wait(for: .drained)
        if let error = withCore({ $0.sourceError }) { throw error }
    }
}

extension WorkCoordinator {
    /// Creates a coordinator that starts nothing until ``process(_:)`` gives it a body.
    ///
    /// - Parameter options: How it behaves.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    public convenience init(options: EphemeralOptions = EphemeralOptions()) throws {
        let late = LateBody<Item>()
        try self.init(options: options, late: late, body: late.callAsFunction)
        engine.control { $0.awaitsBody = true }
    }

    /// Gives a coordinator that was made without a body its body, and suspends until it is finished and nothing is left.
    ///
    /// **Cancellation**: throws `CancellationError`; the coordinator goes on.
    ///
    /// - Parameter body: What is done with each item.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when it has a body already.
    public func process(
        _ body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) async throws {
        try await engine.process(late, with: body)
    }
}

extension KeyedWorkCoordinator {
    /// Creates a coordinator that starts nothing until ``process(_:)`` gives it a body.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - key: What an item is ordered by.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    public convenience init(
        options: EphemeralOptions = EphemeralOptions(),
        key: @escaping @Sendable (_ item: Item) -> Key
    ) throws {
        let late = LateBody<Item>()
        try self.init(options: options, key: key, late: late, body: late.callAsFunction)
        engine.control { $0.awaitsBody = true }
    }

    /// Gives a coordinator that was made without a body its body, and suspends until it is finished and nothing is left.
    ///
    /// **Cancellation**: throws `CancellationError`; the coordinator goes on.
    ///
    /// - Parameter body: What is done with each item.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when it has a body already.
    public func process(
        _ body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) async throws {
        try await engine.process(late, with: body)
    }
}
