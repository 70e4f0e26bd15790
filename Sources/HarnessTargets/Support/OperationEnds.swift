import HarnessKit
import Synchronization

/// Tells the end of each operation of a target whose operations may be attempted more than once.
///
/// An operation that is dropped has ended with a cancellation if it was attempted before, and was discarded if it was not.
final class OperationEnds: Sendable {
    private let observer: TargetObserver
    private let attempted = Mutex<[Int: Operation]>([:])

    init(_ observer: TargetObserver) {
        self.observer = observer
    }

    /// Notes that an attempt has ended and another one may follow.
    func continues(_ operation: Operation) {
        attempted.withLock { $0[operation.index] = operation }
    }

    /// Tells that an operation has ended.
    func ended(_ operation: Operation, error: (any Error)?) {
        _ = attempted.withLock { $0.removeValue(forKey: operation.index) }
        observer.ended(operation, error: error)
    }

    /// Tells that an operation was dropped.
    func dropped(_ operation: Operation) {
        let wasAttempted = attempted.withLock { $0.removeValue(forKey: operation.index) } != nil
        if wasAttempted {
            observer.ended(operation, error: CancellationError())
        } else {
            observer.discarded(operation)
        }
    }

    /// Tells that nothing follows any more: the target has drained or was shut down.
    func finish() {
        let left = attempted.withLock { attempted in
            defer { attempted = [:] }
            return attempted.values.sorted { $0.index < $1.index }
        }
        for operation in left { observer.ended(operation, error: CancellationError()) }
    }
}
