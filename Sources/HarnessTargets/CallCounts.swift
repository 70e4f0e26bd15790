import HarnessKit
import Synchronization

/// The counts of a target that runs each operation while it is submitted, and queues none.
final class CallCounts: Sendable {
    private let state = Mutex(State())

    private struct State {
        var began = 0
        var completed = 0
        var failed = 0
        var cancelled = 0
    }

    /// Counts a call while it runs.
    ///
    /// - Parameter call: The call.
    /// - Returns: What it threw; `nil` when it returned.
    @discardableResult
    func counting(_ call: () async throws -> Void) async -> (any Error)? {
        state.withLock { $0.began += 1 }
        do {
            try await call()
            state.withLock { $0.completed += 1 }
            return nil
        } catch {
            state.withLock { state in
                if error is CancellationError { state.cancelled += 1 } else { state.failed += 1 }
            }
            return error
        }
    }

    /// All counts in one reading.
    var accounting: TargetAccounting {
        let state = state.withLock { $0 }
        var accounting = TargetAccounting()
        accounting.enqueued = state.began
        accounting.pending = 0
        accounting.active = state.began - state.completed - state.failed - state.cancelled
        accounting.completed = state.completed
        accounting.failed = state.failed
        accounting.cancelled = state.cancelled
        return accounting
    }
}

/// An instance that runs each operation while it is submitted: nothing of it is left when all submissions have ended.
protocol CallingInstance: SampledInstance {
    var counts: CallCounts { get }
}

extension CallingInstance {
    func drain() async throws {}

    func shutdown() async {}

    func accounting() -> TargetAccounting { counts.accounting }

    func sample() -> TargetSample { TargetSample(accounting: accounting()) }
}
