internal import Ephemeral

/// What an atom and its workers share: a state machine under a lock, and what carries out its decisions.
package protocol Desk: AnyObject, Sendable {
    associatedtype Machine: Sendable
    /// What has to be done after the lock is released.
    associatedtype Effects: Sendable

    static var noEffects: Effects { get }
    func withMachine<Result: Sendable>(_ body: (inout Machine) -> Result) -> Result
    func perform(_ effects: Effects)
}

extension Desk {
    /// An event, with what follows from it.
    @discardableResult
    package func change<Result: Sendable>(_ event: (inout Machine, inout Effects) -> Result) -> Result {
        let (result, effects) = withMachine { machine in
            var effects = Self.noEffects
            let result = event(&machine, &effects)
            return (result, effects)
        }
        perform(effects)
        return result
    }

    /// Suspends in a line until somebody takes the caller out of it, or its task is cancelled.
    ///
    /// - Parameters:
    ///   - line: Where it waits.
    ///   - register: Puts the caller in the line, or says how the wait ends at once.
    /// - Throws: `CancellationError`, and what whoever takes the caller out says.
    package func wait<Value>(
        in line: any WritableKeyPath<Machine, WaitingLine<Value>> & Sendable,
        register: (_ caller: UInt64, _ continuation: WaitingLine<Value>.Continuation) -> Result<Void, any Error>?
    ) async throws {
        let caller = withMachine { $0[keyPath: line].nextCaller() }
        defer { withMachine { $0[keyPath: line].forget(caller) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let answer = register(caller, continuation) { continuation.resume(with: answer) }
            }
        } onCancel: {
            let cancelled = withMachine { $0[keyPath: line].cancel(caller) }
            cancelled?.continuation.resume(throwing: CancellationError())
        }
    }
}

/// What becomes of an item that is brought to an atom.
enum Admission: Sendable {
    case accepted
    /// There is no room.
    case full
    /// Nothing more is taken.
    case closed

    /// How the wait of the caller that brought it ends.
    func ending(of atom: String) -> Result<Void, any Error> {
        switch self {
        case .accepted: .success(())
        case .closed: .failure(CoordinatorError.completed(atom))
        // A caller that does not wait although there is no room was cancelled before it could.
        case .full: .failure(CancellationError())
        }
    }
}
