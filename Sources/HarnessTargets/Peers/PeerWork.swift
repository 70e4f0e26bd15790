import HarnessKit
import Synchronization

/// What all peers share: it calls the body, and counts what became of every operation.
///
/// The counters are atomics rather than one guarded struct: a peer shall not be slower than its author would have made
/// it. Each operation is counted as enqueued, then started, then finished; reading them in the opposite order makes
/// the derived numbers consistent, because nothing is read before what precedes it.
final class PeerWork: Sendable {
    private let body: OperationBody
    private let observer: TargetObserver
    private let enqueuedCount = Atomic(0)
    private let startedCount = Atomic(0)
    private let completedCount = Atomic(0)
    private let failedCount = Atomic(0)
    private let cancelledCount = Atomic(0)
    private let discardedCount = Atomic(0)

    init(_ environment: TargetEnvironment) {
        body = environment.body
        observer = environment.observer
    }

    /// Counts an operation as taken; to be called before anything can start it.
    func enqueue() {
        enqueuedCount.add(1, ordering: .acquiringAndReleasing)
    }

    /// Takes back ``enqueue()`` for an operation that was refused after all.
    func withdraw() {
        enqueuedCount.subtract(1, ordering: .acquiringAndReleasing)
    }

    /// Runs the body of an operation and counts its outcome.
    ///
    /// - Returns: Whether it completed.
    @discardableResult
    func run(_ operation: Operation) async -> Bool {
        startedCount.add(1, ordering: .acquiringAndReleasing)
        do {
            try await body(operation)
            completedCount.add(1, ordering: .acquiringAndReleasing)
            return true
        } catch is CancellationError {
            cancelledCount.add(1, ordering: .acquiringAndReleasing)
        } catch {
            failedCount.add(1, ordering: .acquiringAndReleasing)
        }
        return false
    }

    /// Counts an enqueued operation that will never start, and tells the run.
    func discard(_ operation: Operation) {
        discardedCount.add(1, ordering: .acquiringAndReleasing)
        observer.discarded(operation)
    }

    /// Operations that wait for their start.
    var pending: Int {
        let left = discardedCount.load(ordering: .acquiring) + startedCount.load(ordering: .acquiring)
        return enqueuedCount.load(ordering: .acquiring) - left
    }

    func accounting() -> TargetAccounting {
        let completed = completedCount.load(ordering: .acquiring)
        let failed = failedCount.load(ordering: .acquiring)
        let cancelled = cancelledCount.load(ordering: .acquiring)
        let discarded = discardedCount.load(ordering: .acquiring)
        let started = startedCount.load(ordering: .acquiring)
        let enqueued = enqueuedCount.load(ordering: .acquiring)

        var accounting = TargetAccounting()
        accounting.enqueued = enqueued
        accounting.pending = enqueued - started - discarded
        accounting.active = started - completed - failed - cancelled
        accounting.completed = completed
        accounting.failed = failed
        accounting.cancelled = cancelled + discarded
        return accounting
    }
}

extension ImmediateSubmission {
    /// The answer as `submit(_:)` gives it, for peers whose submission never suspends.
    var settled: Submission { self == .accepted ? .accepted : .refused }
}
