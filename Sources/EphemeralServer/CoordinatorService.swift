public import Ephemeral
public import ServiceLifecycle

/// A coordinator, or a registry of them, that ends with the server it belongs to.
///
/// ```swift
/// let mails = try WorkCoordinator<Mail> { mail in try await mail.send() }
/// let group = ServiceGroup(
///     services: [CoordinatorService(mails), httpServer],
///     gracefulShutdownSignals: [.sigterm],
///     logger: logger
/// )
/// try await group.run()
/// ```
///
/// On a graceful shutdown nothing more is accepted, and what was accepted is done, within ``drainTimeout``; what is left
/// then is cancelled. A cancelled service cancels at once. In both cases ``run()`` returns only when all bodies have
/// ended.
///
/// **Ordering**: a group shuts its services down from the last to the first, so a coordinator comes before the services
/// that bring it work.
public struct CoordinatorService: Service {
    /// How long accepted work may take once the server shuts down gracefully; `nil` is as long as it takes.
    public let drainTimeout: Duration?
    private let drain: @Sendable () async throws -> Void
    private let shutdown: @Sendable () async -> Void

    /// Creates a service for one coordinator.
    ///
    /// - Parameters:
    ///   - coordinator: The coordinator; it works from the start, whether the service runs or not.
    ///   - drainTimeout: How long accepted work may take once the server shuts down gracefully, by the coordinator's
    ///     clock; `nil` is as long as it takes.
    public init(_ coordinator: some Coordinator, drainTimeout: Duration? = .seconds(30)) {
        self.drainTimeout = drainTimeout
        drain = {
            // Draining alone waits for the end of a sequence that feeds the coordinator, and some never end.
            coordinator.finish()
            if let drainTimeout {
                try await coordinator.drain(timeout: drainTimeout)
            } else {
                try await coordinator.drain()
            }
        }
        shutdown = { await coordinator.shutdown() }
    }

    /// Creates a service for all coordinators of a registry, from the newest to the oldest.
    ///
    /// - Parameters:
    ///   - registry: The registry; its coordinators work as soon as they are made, whether the service runs or not.
    ///   - drainTimeout: How long accepted work of all of them may take once the server shuts down gracefully, by the
    ///     registry's clock; `nil` is as long as it takes.
    public init(_ registry: CoordinatorRegistry, drainTimeout: Duration? = .seconds(30)) {
        self.drainTimeout = drainTimeout
        drain = {
            if let drainTimeout {
                try await registry.drain(timeout: drainTimeout)
            } else {
                try await registry.drain()
            }
        }
        shutdown = { await registry.shutdown() }
    }

    /// Waits for the end of the server, then ends the coordinators.
    ///
    /// A coordinator that ends by itself does not end the service: a group would take that for the end of the server.
    ///
    /// **Cancellation**: cancels the coordinators, also in the middle of a graceful shutdown; waits for their bodies, and
    /// throws `CancellationError`.
    ///
    /// - Throws: `CoordinatorError` with code `drainTimeout` when work was cancelled because it took too long, and what
    ///   the coordinators' `drain()` throws.
    public func run() async throws {
        do {
            try await gracefulShutdown()
            try await drain()
        } catch {
            await shutdown()
            throw error
        }
        await shutdown()
    }
}
