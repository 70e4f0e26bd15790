import Ephemeral
import HarnessKit

/// An instance around a pattern that is a coordinator.
final class PatternInstance<Subject: Coordinator & Sendable>: CoordinatorInstance {
    let coordinator: Subject
    let port: SinkPort
    private let attempt: @Sendable (Operation) -> ImmediateSubmission
    private let enqueue: @Sendable (Operation) async throws -> Submission

    /// Creates an instance.
    ///
    /// - Parameters:
    ///   - coordinator: The pattern.
    ///   - port: Where its signals are.
    ///   - attempt: Offers an operation without suspending.
    ///   - enqueue: Offers it when that could not tell.
    init(
        _ coordinator: Subject,
        port: SinkPort,
        attempt: @escaping @Sendable (_ operation: Operation) -> ImmediateSubmission,
        enqueue: @escaping @Sendable (_ operation: Operation) async throws -> Submission
    ) {
        self.coordinator = coordinator
        self.port = port
        self.attempt = attempt
        self.enqueue = enqueue
    }

    /// Creates an instance around a pattern that takes whatever there is room for.
    ///
    /// - Parameters:
    ///   - coordinator: The pattern.
    ///   - port: Where its signals are.
    ///   - tryEnqueue: Adds an operation if there is room.
    ///   - enqueue: Adds an operation.
    convenience init<Identity>(
        _ coordinator: Subject,
        port: SinkPort,
        tryEnqueue: @escaping @Sendable (_ operation: Operation) -> Bool,
        enqueue: @escaping @Sendable (_ operation: Operation) async throws -> Identity
    ) {
        self.init(coordinator, port: port) { operation in
            tryEnqueue(operation) ? .accepted : .wouldSuspend
        } enqueue: { operation in
            _ = try await enqueue(operation)
            return .accepted
        }
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission { attempt(operation) }

    func submit(_ operation: Operation) async throws -> Submission {
        try await refusingWhenCompleted { try await enqueue(operation) }
    }
}

extension PatternInstance<WorkCoordinator<Operation>> {
    /// Creates an instance around a pattern that is a work coordinator with options of its own.
    convenience init(_ coordinator: WorkCoordinator<Operation>, port: SinkPort) {
        self.init(
            coordinator,
            port: port,
            tryEnqueue: { coordinator.tryEnqueue($0) },
            enqueue: { try await coordinator.enqueue($0) }
        )
    }
}
