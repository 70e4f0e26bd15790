internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// What the atom and its workers share: the items and the alarm of those that wait for their time.
final class RetryDesk<Item: Sendable>: Desk {
    typealias Machine = RetryStateMachine<Item>

    /// How attempts are brought to workers.
    struct Workers: Sendable {
        /// Brings an attempt to a worker; `false` when there are none any more.
        var submit: @Sendable (Machine.Submission) -> Bool
        /// Whether the current task is one of them.
        var isCurrent: @Sendable () -> Bool
    }

    private let machine: Mutex<Machine>
    private let workers = Mutex<Workers?>(nil)
    private let time: any TimeSource
    private let alarm: Alarm
    private let policy: RetryPolicy
    private let onDiscard: (@Sendable (Item) -> Void)?

    init(_ options: EphemeralOptions, policy: RetryPolicy, onDiscard: (@Sendable (Item) -> Void)?) {
        machine = Mutex(Machine(options))
        time = options.time
        alarm = Alarm("Ephemeral retry", time: options.time, spawner: TaskSpawner(executor: options.executor))
        self.policy = policy
        self.onDiscard = onDiscard
    }

    /// Says how attempts are brought to workers; once, before anything else.
    func connect(_ workers: Workers) { self.workers.withLock { $0 = workers } }

    var stats: CoordinatorStats { machine.withLock { $0.stats } }
    var isOpen: Bool { machine.withLock { $0.isOpen } }
    var isDrained: Bool { machine.withLock { $0.isDrained } }

    func snapshots() -> [RetrySnapshot] {
        let now = time.now
        return machine.withLock { $0.snapshots(now: now) }
    }

    static var noEffects: Machine.Effects { Machine.Effects() }

    func withMachine<Result: Sendable>(_ body: (inout Machine) -> Result) -> Result { machine.withLock { body(&$0) } }

    func perform(_ effects: Machine.Effects) {
        if let order = effects.alarm {
            alarm.carryOut(order) { [weak self] number in
                guard let self else { return }
                let now = time.now
                change { $0.alarmRings(number, now: now, &$1) }
            }
        }
        if !effects.submissions.isEmpty, let workers = workers.withLock({ $0 }) {
            for submission in effects.submissions where !workers.submit(submission) { discard(submission) }
        }
        for continuation in effects.ready { continuation.resume() }
        for continuation in effects.refused {
            continuation.resume(throwing: CoordinatorError.completed("retrying atom"))
        }
    }

    // Intake

    func tryEnqueue(_ item: Item) -> OperationID? {
        let arrival = Machine.Submission(id: .next(), item: item)
        return admit(arrival) == .accepted ? arrival.id : nil
    }

    private func admit(_ arrival: Machine.Submission) -> Admission {
        let now = time.now
        let isInside = workers.withLock { $0 }?.isCurrent() ?? false
        return change { $0.enqueue(arrival, ignoringCapacity: isInside, now: now, &$1) }
    }

    func enqueue(_ item: Item) async throws -> OperationID {
        try Task.checkCancellation()
        let arrival = Machine.Submission(id: .next(), item: item)
        switch admit(arrival) {
        case .accepted: break
        case .closed: throw CoordinatorError.completed("retrying atom")
        case .full: try await waitForRoom(arrival)
        }
        return arrival.id
    }

    private func waitForRoom(_ arrival: Machine.Submission) async throws {
        try await wait(in: \.producers) { caller, continuation in
            let now = time.now
            let admission = change { $0.wait(caller, with: arrival, now: now, continuation, &$1) }
            return admission?.ending(of: "retrying atom")
        }
    }

    // Attempts

    /// Makes an attempt, and says what becomes of its item.
    func attempt(_ submission: Machine.Submission, in context: OperationContext, body: RetryAtom<Item>.Body)
        async throws
    {
        let id = submission.id
        let begun = time.now
        guard let number = change({ $0.begin(id, now: begun, &$1) }) else { return }
        if number > 1 { context.emit("retry.attempt:\(number)") }
        do {
            try await body(submission.item, RetryAttempt(number: number, context: context))
        } catch {
            settle(id, after: error, attempt: number, context)
            throw error
        }
        let now = time.now
        change { $0.end(id, .completed, now: now, &$1) }
    }

    private func settle(_ id: OperationID, after error: any Error, attempt: Int, _ context: OperationContext) {
        if error is CancellationError, Task.isCancelled { return end(id, .cancelled, error: nil) }
        if let delay = policy.delay(after: error, attempt: attempt) {
            let now = time.now
            return change { $0.retry(id, after: delay, error: error, now: now, &$1) }
        }
        if attempt == policy.maxAttempts { context.emit("retry.exhausted") }
        end(id, .failed(error), error: error)
    }

    private func end(_ id: OperationID, _ outcome: OperationOutcome, error: (any Error)?) {
        let now = time.now
        change { $0.end(id, outcome, error: error, now: now, &$1) }
    }

    /// An attempt will not be made: a signal or a cancellation forbids it.
    func discard(_ submission: Machine.Submission) {
        let now = time.now
        if change({ $0.end(submission.id, .cancelled, now: now, &$1) }) { onDiscard?(submission.item) }
    }

    // The end

    func finish() { change { $0.finish(&$1) } }

    func cancel() {
        let now = time.now
        let dropped = change { $0.cancel(now: now, &$1) }
        guard let onDiscard else { return }
        for item in dropped { onDiscard(item) }
    }

    func wait(for condition: Machine.Condition) async throws {
        try await wait(in: \.waiters) { caller, continuation in
            withMachine { $0.wait(caller, for: condition, continuation) }
        }
    }
}
