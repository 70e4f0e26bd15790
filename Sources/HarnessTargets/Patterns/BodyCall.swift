import HarnessKit
import Synchronization

/// The body of one operation behind something that may turn it away: an operation that ends before its body was called counts
/// as dropped.
final class BodyCall: Sendable {
    let operation: Operation
    private let body: OperationBody
    private let observer: TargetObserver
    private let hasBegun = Atomic(false)

    init(_ operation: Operation, _ environment: TargetEnvironment) {
        self.operation = operation
        body = environment.body
        observer = environment.observer
    }

    /// Calls the body.
    func callAsFunction() async throws {
        hasBegun.store(true, ordering: .relaxed)
        try await body(operation)
    }

    /// Does work that is to call the body; throws what it throws.
    func within(_ work: (_ call: BodyCall) async throws -> Void) async throws {
        do {
            try await work(self)
        } catch {
            if !hasBegun.load(ordering: .relaxed) { observer.discarded(operation) }
            throw error
        }
    }
}
