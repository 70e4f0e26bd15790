import Ephemeral
import EphemeralTime
import HarnessKit
import Synchronization

/// An operation on its way through the library as a signal: its name carries the key, its key the number.
///
/// Names up to 7 digits of key fit into a string without storage of its own.
enum OperationSignal {
    private static let prefix = "signal."

    static func event(for operation: Operation, time: any TimeSource) -> SignalEvent {
        SignalEvent(
            prefix + String(operation.key),
            key: String(operation.index),
            timestamp: time.now,
            timeSource: time
        )
    }

    /// The operation of a signal; `nil` for signals of others.
    static func operation(of event: SignalEvent) -> Operation? {
        guard let index = event.key.flatMap({ Int($0) }), let key = Int(event.signal.dropFirst(prefix.count)) else {
            return nil
        }
        return Operation(index: index, key: key)
    }

    /// Patterns that match the signals of all operations, each of its own text.
    static func patterns(_ count: Int) -> [SignalPattern] {
        (0..<count).map { SignalPattern(prefix + String(repeating: "*", count: $0 + 1)) }
    }
}

/// Operations that were taken and have not begun: when all work has ended, those that the library dropped.
///
/// The library counts dropped signals but does not name them.
final class UnbegunOperations: Sendable {
    private let operations = Mutex<[Int: Operation]>([:])

    /// Notes an operation before it is handed over.
    func add(_ operation: Operation) { operations.withLock { $0[operation.index] = operation } }

    /// Notes that an operation was refused, or has begun.
    func remove(_ operation: Operation) { operations.withLock { $0[operation.index] = nil } }

    /// Notes that the operation of a number has begun.
    ///
    /// - Returns: The operation; `nil` when it was not noted.
    func remove(at index: Int) -> Operation? { operations.withLock { $0.removeValue(forKey: index) } }

    /// Takes what is left.
    func removeAll() -> [Operation] {
        operations.withLock { operations in
            defer { operations = [:] }
            return operations.values.sorted { $0.index < $1.index }
        }
    }
}
