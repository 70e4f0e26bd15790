/// Routes signals to the handlers that are registered for their names, in the background.
///
/// ```swift
/// let dispatcher = try SignalDispatcher()
/// try dispatcher.register("rate-limit:*") { event in await throttle(event.command) }
/// try dispatcher.register("error.*") { event in try await log.write(event) }
/// let subscription = sink.subscribe { dispatcher.dispatch($0) }
/// ```
///
/// It is a coordinator of events that is keyed by the signal's name, and is paused, drained, limited and observed like one.
/// An event is one operation; it counts as failed, with the first error, when one of its handlers throws.
///
/// **Ordering**: events of one name are handled one after the other, in the order in which they were dispatched; those of
/// different names at once. All handlers that match an event run one after the other, in the order of registration,
/// whether or not one before has thrown.
///
/// **Cancellation**: as for ``WorkCoordinator``. An event whose task is cancelled gets no further handlers.
public final class SignalDispatcher: ControlledCoordinator {
    private let coordinator: KeyedWorkCoordinator<SignalName, Dispatch>
    private let desk: DispatchDesk

    /// The options of a dispatcher that is given none: those of a coordinator, with 128 events visible.
    public static var defaultOptions: EphemeralOptions {
        var options = EphemeralOptions()
        options.maxTrackedOperations = 128
        return options
    }

    /// Creates a dispatcher without handlers.
    ///
    /// - Parameter options: How it behaves. The queue's capacity is how many events wait before further ones are refused.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    public init(options: EphemeralOptions = SignalDispatcher.defaultOptions) throws {
        let desk = DispatchDesk()
        self.desk = desk
        coordinator = try KeyedWorkCoordinator(
            options: options,
            key: { SignalName($0.event.signal) },
            onDiscard: { desk.end($0) },
            body: { dispatch, _ in
                defer { desk.end(dispatch) }
                try await desk.handle(dispatch.event)
            }
        )
    }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { coordinator.control }

    /// Calls a handler for events whose name matches, from the next event on that begins to be handled.
    ///
    /// A handler of the same pattern is replaced and keeps its place in the order.
    ///
    /// - Parameters:
    ///   - pattern: A name or glob.
    ///   - handler: What is done with each event.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when the pattern is blank.
    public func register(
        _ pattern: SignalPattern,
        handler: @escaping @Sendable (_ event: SignalEvent) async throws -> Void
    ) throws {
        guard pattern.text.contains(where: { !$0.isWhitespace }) else {
            throw CoordinatorError.invalid("pattern", "\"\(pattern.text)\"", "give a name or a glob")
        }
        desk.register(pattern, handler)
    }

    /// Calls the handler of a pattern no more, from the next event on that begins to be handled.
    ///
    /// - Parameter pattern: The pattern that it was registered for.
    /// - Returns: Whether there was one.
    @discardableResult
    public func unregister(_ pattern: SignalPattern) -> Bool { desk.unregister(pattern) }

    /// Hands an event over, without waiting.
    ///
    /// - Parameter event: What the handlers will get.
    /// - Returns: Whether it will be handled; `false` when there is no room, and after the end of the dispatcher.
    @discardableResult
    public func dispatch(_ event: SignalEvent) -> Bool {
        let dispatch = desk.begin(event)
        if coordinator.tryEnqueue(dispatch) { return true }
        desk.refuse(dispatch)
        return false
    }

    /// Events that were refused.
    public var droppedCount: Int { desk.refusedCount }

    /// Calls of handlers that threw.
    public var failedHandlerCount: Int { desk.failedHandlerCount }

    /// Waits until everything that was dispatched so far has been handled or dropped; more may come meanwhile.
    ///
    /// A handler that calls this waits for itself, until it is cancelled.
    ///
    /// **Cancellation**: throws `CancellationError`.
    ///
    /// - Throws: `CancellationError`.
    public func flush() async throws { try await desk.flush() }
}
