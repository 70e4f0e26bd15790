/// A coordinator that is one of the library's, or wraps one: everything that ``Coordinator`` asks for comes from its
/// ``control``.
///
/// ```swift
/// final class Mailer: ControlledCoordinator {
///     private let queue: WorkCoordinator<Mail>
///     var control: CoordinatorControl { queue.control }
/// }
/// ```
public protocol ControlledCoordinator: Coordinator {
    /// The handle of the coordinator that does the work.
    var control: CoordinatorControl { get }
}

extension ControlledCoordinator {
    /// Stops starts at once; see ``Coordinator/pause()``.
    public func pause() { control.engine.setPaused(true) }

    /// Allows starts again; see ``Coordinator/resume()``.
    public func resume() { control.engine.setPaused(false) }

    /// Whether starts are stopped; see ``Coordinator/isPaused``.
    public var isPaused: Bool { control.engine.withCore { $0.isPaused } }

    /// Closes the intake; see ``Coordinator/finish()``.
    public func finish() { control.engine.finish() }

    /// Whether the intake is closed; see ``Coordinator/isFinished``.
    public var isFinished: Bool { control.engine.withCore { $0.lifecycle != .open } }

    /// Closes the intake and waits until nothing is left; see ``Coordinator/drain()``.
    ///
    /// **Cancellation**: throws `CancellationError`; the coordinator stays finished and goes on.
    public func drain() async throws { try await control.drain() }

    /// Drains for at most this long; see ``Coordinator/drain(timeout:)``.
    ///
    /// **Cancellation**: throws `CancellationError`; the coordinator stays finished and goes on.
    public func drain(timeout: Duration) async throws { try await control.drain(timeout: timeout) }

    /// Waits until nothing is queued or running; see ``Coordinator/waitUntilIdle()``.
    ///
    /// **Cancellation**: throws `CancellationError`.
    public func waitUntilIdle() async throws { try await control.engine.wait(for: .idle) }

    /// Whether the intake is closed and nothing is left; see ``Coordinator/isDrained``.
    public var isDrained: Bool { control.engine.withWholeCore { $0.isDrained } }

    /// Drops what is queued and cancels what runs; see ``Coordinator/cancel()``.
    public func cancel() { control.engine.cancel() }

    /// Cancels and waits for all bodies; see ``Coordinator/shutdown()``.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    public func shutdown() async { await control.shutdown() }

    /// The present limit of running bodies; see ``Coordinator/currentMaxConcurrency``.
    public var currentMaxConcurrency: Int { control.engine.withCore { $0.limit } }

    /// Changes the limit; see ``Coordinator/setMaxConcurrency(_:)``.
    public func setMaxConcurrency(_ limit: Int) throws { try control.setMaxConcurrency(limit) }

    /// All counters in one consistent reading; see ``Coordinator/stats``.
    public var stats: CoordinatorStats { control.engine.withWholeCore { $0.stats } }

    /// The visible operations; see ``Coordinator/snapshot()``.
    public func snapshot() -> [OperationSnapshot] { control.engine.snapshots { _ in true } }

    /// The visible operations of one kind; see ``Coordinator/operations(in:)``.
    public func operations(in selection: OperationSelection) -> [OperationSnapshot] {
        control.engine.snapshots { selection.contains($0) }
    }

    /// Keeps an operation visible; see ``Coordinator/pin(_:)``.
    @discardableResult
    public func pin(_ id: OperationID) -> Bool { control.engine.setPinned(id, true) }

    /// Lets an operation leave again; see ``Coordinator/unpin(_:)``.
    @discardableResult
    public func unpin(_ id: OperationID) -> Bool { control.engine.setPinned(id, false) }

    /// Makes a finished operation leave at once; see ``Coordinator/evict(_:)``.
    @discardableResult
    public func evict(_ id: OperationID) -> Bool { control.engine.evict(id) }

    /// What became of operations that are no longer visible, in the order in which they left.
    ///
    /// O(echoes); nothing unless ``EphemeralOptions/echo`` asks for it.
    public func echoes() -> [OperationEcho] { control.engine.echoes() }

    /// The signals of visible operations that satisfy a query; see ``Coordinator/signals(_:)``.
    public func signals(_ query: SignalQuery) -> [SignalEvent] { control.engine.ownSignals(query) }
}

/// Lets `run` use a coordinator, then drains it; shuts it down either way.
@usableFromInline
func withControlled<Controlled: ControlledCoordinator, Result>(
    _ coordinator: Controlled,
    run: (_ coordinator: Controlled) async throws -> Result
) async throws -> Result {
    do {
        let result = try await run(coordinator)
        try await coordinator.drain()
        await coordinator.shutdown()
        return result
    } catch {
        await coordinator.shutdown()
        throw error
    }
}
