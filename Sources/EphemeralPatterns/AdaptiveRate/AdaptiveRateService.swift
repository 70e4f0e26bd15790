public import Ephemeral
internal import EphemeralTime

/// A queue that slows down when it is told to: by a signal, or by an error of its own body.
///
/// ```swift
/// let service = try AdaptiveRateService<Request>(maxConcurrency: 8) { request, _ in
///     let response = try await call(request)
///     if response.status == 429 { throw RateLimitError(retryAfter: response.retryAfter) }
/// }
/// try await service.process(request)
/// ```
///
/// `rate-limit:500ms` (or `:2s`) in the sink, or emitted by a body, lets nothing start until 500 ms after the signal: an
/// instant that all items share, however long the signal stays visible. A ``RateLimitError`` emits it. Of several limits
/// the one that ends last holds; taking a signal back ends its limit. `rate-limit`, or one whose time cannot be read, holds
/// each item in front back for 10 × 100 ms at most, as long as the signal is live.
///
/// All that `Coordinator` says holds.
///
/// **Ordering**: operations start in the order in which they were accepted.
///
/// **Cancellation**: as for `WorkCoordinator`.
public final class AdaptiveRateService<Item: Sendable>: ControlledCoordinator {
    private let coordinator: WorkCoordinator<Item>
    private let desk: RateDesk
    private let subscriptions: [SignalSubscription]

    /// The options of a service that is given none: those of a coordinator, with 100 operations visible.
    public static var defaultOptions: EphemeralOptions {
        var options = EphemeralOptions()
        options.maxTrackedOperations = 100
        return options
    }

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - maxConcurrency: How many bodies run at a time.
    ///   - sink: The sink whose limits count too and operations' signals are mirrored to; `nil` leaves that of the options.
    ///     Limits that it holds already count.
    ///   - options: Everything else; its limit and its rules of deferral are replaced.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item. It may emit limits through its context, or throw a ``RateLimitError``.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number is outside its range.
    public init(
        maxConcurrency: Int = 8,
        sink: SignalSink? = nil,
        options: EphemeralOptions = AdaptiveRateService.defaultOptions,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        let desk = RateDesk(time: options.time)
        var options = options.limited(to: maxConcurrency, sink: sink)
        options.signals.deferOn = [RateDesk.plainSignal]
        options.signals.deferCheckInterval = .milliseconds(100)
        options.signals.maxDeferAttempts = 10
        if options.signals.sink == nil { options.signals.report(to: desk) }
        coordinator = try WorkCoordinator(options: options, onDiscard: onDiscard) { item, context in
            do {
                try await body(item, context)
            } catch let error as RateLimitError {
                context.emit(error.signal)
                throw error
            }
        }
        self.desk = desk
        coordinator.control.heed(desk.ambient)
        desk.connect { [weak coordinator] hold in
            coordinator?.control.holdStarts(until: Timestamp(hold.until), order: hold.order)
        }
        subscriptions = options.signals.sink.map { desk.subscriptions(to: $0) } ?? []
    }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { coordinator.control }

    /// Adds an item; suspends while the queue is full, and not because of a limit.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: The identity of the operation.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    @discardableResult
    public func process(_ item: Item) async throws -> OperationID { try await coordinator.enqueue(item) }

    /// Adds an item if there is room, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ item: Item) -> Bool { coordinator.tryEnqueue(item) }

    /// When starts are allowed again by all limits that say a time; `nil` when there is none in force.
    public var notBefore: ContinuousClock.Instant? { desk.notBefore }

    /// Cancels, and returns when all bodies have ended; signals count no more.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    public func shutdown() async {
        for subscription in subscriptions { subscription.cancel() }
        await coordinator.shutdown()
    }
}

extension RateDesk {
    /// Listens to a sink, whose present signals count too.
    fileprivate func subscriptions(to sink: SignalSink) -> [SignalSubscription] {
        let subscriptions = [
            sink.subscribe(to: Self.timedSignals) { [weak self] in self?.note($0) },
            sink.subscribeToRetractions { [weak self] in self?.note($0) },
        ]
        // One that is raised just now counts twice, which changes nothing: limits do not add up.
        for event in sink.signals(.matching(anyOf: Self.timedSignals)) { note(event) }
        return subscriptions
    }
}

extension EphemeralOptions.SignalOptions {
    /// Tells a desk of operations' signals, besides whoever is told already.
    fileprivate mutating func report(to desk: RateDesk) {
        onSignal = { [former = onSignal] event in
            desk.note(event)
            former?(event)
        }
        onSignalRetracted = { [former = onSignalRetracted] event in
            desk.note(event)
            former?(event)
        }
    }
}
