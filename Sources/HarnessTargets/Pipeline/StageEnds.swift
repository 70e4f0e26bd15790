import HarnessKit
import Synchronization

/// Who waits for the end of which operation of a stage.
final class StageEnds: Sendable {
    private typealias Waiter = CheckedContinuation<Result<Void, any Error>, Never>

    private struct Entry {
        var part: Int
        var state = State.running

        enum State {
            case running
            case awaited(Waiter)
            case ended(Result<Void, any Error>)
        }
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Announces an operation before it is submitted, because it may end before that returns.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - part: The part of the stage in front that makes the attempt.
    func expect(_ operation: Operation, part: Int) {
        state.withLock { $0.entries[operation.index] = Entry(part: part) }
    }

    /// Takes an announcement back.
    func forget(_ operation: Operation) {
        state.withLock { $0.entries[operation.index] = nil }
    }

    /// The part of the stages in front that makes the attempt; 0 without any.
    func part(of operation: Operation) -> Int {
        state.withLock { $0.entries[operation.index]?.part ?? 0 }
    }

    /// Waits for the end of an operation that was announced.
    func wait(for operation: Operation) async throws {
        let result = await withCheckedContinuation { (waiter: Waiter) in
            let known = state.withLock { state -> Result<Void, any Error>? in
                if case .ended(let result)? = state.entries[operation.index]?.state {
                    state.entries[operation.index] = nil
                    return result
                }
                guard !state.isClosed, state.entries[operation.index] != nil else {
                    return .failure(CancellationError())
                }
                state.entries[operation.index]?.state = .awaited(waiter)
                return nil
            }
            if let known { waiter.resume(returning: known) }
        }
        try result.get()
    }

    /// Notes the end of an operation.
    func end(_ operation: Operation, _ result: Result<Void, any Error>) {
        let waiter = state.withLock { state -> Waiter? in
            guard let entry = state.entries[operation.index] else { return nil }
            guard case .awaited(let waiter) = entry.state else {
                state.entries[operation.index]?.state = .ended(result)
                return nil
            }
            state.entries[operation.index] = nil
            return waiter
        }
        waiter?.resume(returning: result)
    }

    /// Ends all waits, those to come included: the stage does nothing any more.
    func close() {
        let waiters = state.withLock { state -> [Waiter] in
            state.isClosed = true
            defer { state.entries = [:] }
            // By number: the order of a dictionary differs from process to process.
            return state.entries.sorted { $0.key < $1.key }.compactMap { entry in
                if case .awaited(let waiter) = entry.value.state { waiter } else { nil }
            }
        }
        for waiter in waiters { waiter.resume(returning: .failure(CancellationError())) }
    }
}
