public import Ephemeral
internal import EphemeralTime

/// A queue that refuses items, drops them or holds them back while certain signals are live: in its sink, or raised on
/// itself.
///
/// ```swift
/// let calls = try SignalAwareAtom<Call>(cancelOn: ["shutdown", "circuit-open"], deferOn: ["backpressure.*"], signals: sink) {
///     call, _ in try await send(call)
/// }
/// calls.raise("backpressure.downstream")     // what waits is held back
/// calls.retract("backpressure.downstream")   // and goes on
/// ```
///
/// Signals raised on the atom are *ambient*: they count for this atom until they are taken back, however old they get, and
/// are raised in the sink too, if there is one, for others to see. Rules look at ambient signals, the sink, and what the
/// atom's own operations have raised.
///
/// All that `Coordinator` says holds.
///
/// **Ordering**: operations start in the order in which they were accepted.
///
/// **Cancellation**: as for `WorkCoordinator`.
public final class SignalAwareAtom<Item: Sendable>: ControlledCoordinator {
    private let coordinator: WorkCoordinator<Item>
    private let ambient: AmbientSignals
    private let cancelQuery: SignalQuery?

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - cancelOn: While a matching signal is live, items are refused, and accepted ones dropped instead of started.
    ///   - deferOn: While a matching signal is live, nothing starts.
    ///   - deferInterval: The unit in which deferral is limited.
    ///   - maxDeferAttempts: After how many units the first item starts regardless; 0 never defers, `nil` waits for ever.
    ///   - signals: The sink that rules look at and operations' signals are mirrored to.
    ///   - maxConcurrency: How many bodies run at a time; `nil`, 0 and less are the number of CPUs.
    ///   - body: What is done with each item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when an interval or a number is outside its range.
    public convenience init(
        cancelOn: SignalPatternSet = [],
        deferOn: SignalPatternSet = [],
        deferInterval: Duration = .milliseconds(100),
        maxDeferAttempts: Int? = 50,
        signals: SignalSink? = nil,
        maxConcurrency: Int? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        var options = EphemeralOptions(atomLimit: maxConcurrency, signals: signals)
        options.signals.cancelOn = cancelOn
        options.signals.deferOn = deferOn
        options.signals.deferCheckInterval = deferInterval
        options.signals.maxDeferAttempts = maxDeferAttempts
        try self.init(options: options, body: body)
    }

    /// Creates a queue that behaves as options say.
    ///
    /// - Parameters:
    ///   - options: How it behaves; the rules are those in `signals`.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when an option is outside its range.
    public init(
        options: EphemeralOptions,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        coordinator = try WorkCoordinator(options: options, onDiscard: onDiscard, body: body)
        ambient = AmbientSignals(mirroredIn: options.signals.sink, time: options.time)
        cancelQuery = options.signals.cancelOn.isEmpty ? nil : .matching(anyOf: options.signals.cancelOn)
        coordinator.control.heed(ambient.sink)
    }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { coordinator.control }

    /// Adds an item to the queue unless a cancelling signal is live; suspends while the queue is full.
    ///
    /// A signal that is raised after the item was accepted drops it at its start instead; that is counted.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: The identity of the operation, or the signal because of which the item was refused.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    @discardableResult
    public func enqueue(_ item: Item) async throws -> SignalAwareAdmission {
        if let signal = refusingSignal { return .refused(signal: signal) }
        return .accepted(try await coordinator.enqueue(item))
    }

    /// Adds an item if no cancelling signal is live and there is room, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ item: Item) -> Bool {
        refusingSignal == nil && coordinator.tryEnqueue(item)
    }

    /// Raises a signal on the atom, until it is taken back, and in its sink.
    ///
    /// A name that is raised already stays as it is; the sink gets the signal each time.
    ///
    /// - Parameter signal: The signal's name; a blank one is ignored.
    public func raise(_ signal: String) { ambient.raise(signal) }

    /// Takes back a signal that was raised on the atom, in its sink too; signals that others raised there stay.
    ///
    /// - Parameter signal: The signal's name.
    /// - Returns: Whether it was raised on the atom.
    @discardableResult
    public func retract(_ signal: String) -> Bool { ambient.retract(signal) }

    /// The names that are raised on the atom, oldest first.
    public var ambientSignals: [String] { ambient.sink.signals().map(\.signal) }

    /// The signal because of which nothing is taken.
    private var refusingSignal: String? {
        guard let cancelQuery else { return nil }
        if let event = ambient.sink.signals(cancelQuery).last { return event.signal }
        guard let sink = ambient.mirror, sink.contains(cancelQuery) else { return nil }
        return sink.signals(cancelQuery).last?.signal
    }
}
