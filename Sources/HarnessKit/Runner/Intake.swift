internal import DequeModule
internal import Synchronization

/// How submitters hand operations to a target: pushed, or left for it to pull.
protocol Intake: Sendable {
    /// Whether the target answers later, when it pulls; then the intake itself records the answer.
    var answersLater: Bool { get }

    func trySubmit(_ offer: Offer) -> ImmediateSubmission
    func submit(_ offer: Offer) async throws -> Submission
}

/// Pushes into the target.
struct PushIntake: Intake {
    let instance: any TargetInstance
    var answersLater: Bool { false }

    func trySubmit(_ offer: Offer) -> ImmediateSubmission { instance.trySubmit(offer.operation) }
    func submit(_ offer: Offer) async throws -> Submission { try await instance.submit(offer.operation) }
}

/// Keeps operations until the target pulls them.
///
/// The buffer is unbounded, because open load must not wait. An operation counts as accepted when it is pulled, so the
/// time in the buffer is time blocked in submission.
final class PullBuffer: Intake {
    let answersLater = true
    private let state = Mutex(State())
    private let onPull: @Sendable (Offer) -> Void
    private let onPush: @Sendable () -> Void

    private struct State {
        var offers: Deque<Offer> = []
        var waiters: Deque<CheckedContinuation<Offer?, Never>> = []
        var isClosed = false
    }

    /// Creates a buffer.
    ///
    /// - Parameters:
    ///   - onPull: Called when the target takes an operation, before it sees it.
    ///   - onPush: Called before an operation is put in.
    init(onPull: @escaping @Sendable (Offer) -> Void, onPush: @escaping @Sendable () -> Void) {
        self.onPull = onPull
        self.onPush = onPush
    }

    func trySubmit(_ offer: Offer) -> ImmediateSubmission {
        push(offer)
        return .accepted
    }

    func submit(_ offer: Offer) async throws -> Submission { .accepted }

    private func push(_ offer: Offer) {
        onPush()
        let waiter = state.withLock { state -> CheckedContinuation<Offer?, Never>? in
            if let waiter = state.waiters.popFirst() { return waiter }
            state.offers.append(offer)
            return nil
        }
        waiter?.resume(returning: offer)
    }

    /// Ends the source once the buffer is empty.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }

    /// Takes the next operation; `nil` when the buffer is closed and empty.
    func pull() async -> Operation? {
        let offer = await withCheckedContinuation { (continuation: CheckedContinuation<Offer?, Never>) in
            let ready = state.withLock { state -> Offer?? in
                if let offer = state.offers.popFirst() { return .some(offer) }
                if state.isClosed { return .some(nil) }
                state.waiters.append(continuation)
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
        guard let offer else { return nil }
        onPull(offer)
        return offer.operation
    }

    /// The target's view of the buffer.
    var source: OperationSource { OperationSource(synchronous: nil) { await self.pull() } }
}
