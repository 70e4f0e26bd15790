internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// The processors that share a sink: carries out what their state decides.
final class ProcessorGroup: Desk {
    typealias Machine = ProcessorGroupState

    /// How a member is reached.
    struct Runner: Sendable {
        let time: any TimeSource
        let alarm: Alarm
        /// Gives the member something to do; `false` when it does nothing any more.
        let start: @Sendable (ProcessorWork) -> Bool
        let onDiscard: (@Sendable (String) -> Void)?
    }

    let sink: SignalSink
    let token: UInt64
    private let state = Mutex(Machine())
    private let runners = Mutex<[UInt64: Runner]>([:])

    init(sink: SignalSink, token: UInt64) {
        self.sink = sink
        self.token = token
    }

    deinit { Self.forget(self) }

    static var noEffects: [Machine.Step] { [] }

    func withMachine<Result: Sendable>(_ body: (inout Machine) -> Result) -> Result { state.withLock { body(&$0) } }

    func perform(_ steps: [Machine.Step]) {
        for step in steps { perform(step) }
    }

    private func perform(_ step: Machine.Step) {
        switch step {
        case .raise(let signal): sink.raise(signal)
        case .start(let member, let work): start(work, on: member)
        case .alarm(let member, let order):
            runner(member)?.alarm.carryOut(order) { [weak self] number in
                self?.change { $0.alarmRings(member, number: number, &$1) }
            }
        case .resume(let continuation): continuation.resume()
        case .refuse(let continuation): continuation.resume(throwing: CoordinatorError.completed("priority processor"))
        }
    }

    private func runner(_ member: UInt64) -> Runner? { runners.withLock { $0[member] } }

    private func start(_ work: ProcessorWork, on member: UInt64) {
        if runner(member)?.start(work) != true { discard(work, of: member) }
    }

    // Members

    func join(priority: Int, limit: Int, options: PriorityProcessorOptions, runner: (UInt64) -> Runner) -> UInt64 {
        // Nothing may be started on a member before its runner is known.
        let id = state.withLock { $0.announce() }
        runners.withLock { $0[id] = runner(id) }
        change { $0.join(id, priority: priority, limit: limit, options: options, &$1) }
        return id
    }

    /// Nobody holds a member any more.
    func release(_ member: UInt64) {
        cancel(member)
        change { $0.leave(member, &$1) }
        _ = runners.withLock { $0.removeValue(forKey: member) }
    }

    func member(_ id: UInt64) -> ProcessorMember? { state.withLock { $0.member(id) } }
    var stats: CoordinatorStats { state.withLock { $0.stats } }

    func resetHealth(_ member: UInt64) { change { $0.resetHealth(member, &$1) } }

    // Items

    func enqueue(_ item: String, through member: UInt64) async throws -> OperationID {
        try Task.checkCancellation()
        let job = ProcessorJob(item, through: priority(of: member))
        switch change({ $0.enqueue(job, through: member, &$1) }) {
        case .accepted: break
        case .closed: throw CoordinatorError.completed("priority processor")
        case .full: try await waitForRoom(job, through: member)
        }
        return job.id
    }

    func tryEnqueue(_ item: String, through member: UInt64) -> Bool {
        let job = ProcessorJob(item, through: priority(of: member))
        return change { $0.enqueue(job, through: member, &$1) } == .accepted
    }

    private func priority(of member: UInt64) -> Int { self.member(member)?.priority ?? 1 }

    private func waitForRoom(_ job: ProcessorJob, through member: UInt64) async throws {
        try await wait(in: \.producers) { caller, continuation in
            let admission = change { $0.wait(caller, with: job, through: member, continuation, &$1) }
            return admission?.ending(of: "priority processor")
        }
    }

    // Outcomes

    func succeeded(_ member: UInt64, epoch: Int, isCanary: Bool) {
        change { $0.succeeded(member, epoch: epoch, isCanary: isCanary, &$1) }
    }

    /// An item has failed.
    ///
    /// - Parameters:
    ///   - job: The item.
    ///   - member: Whose it was.
    ///   - epoch: The member's epoch when it began.
    ///   - isCanary: Whether it tried an unhealthy member.
    ///   - tell: Called when it goes to nobody else, before the member counts as idle.
    func failed(_ job: ProcessorJob, on member: UInt64, epoch: Int, isCanary: Bool, whenFinal tell: () -> Void) {
        guard let now = runner(member)?.time.now else {
            tell()
            return cancelled(member)
        }
        let isFinal = change { $0.failed(job, on: member, epoch: epoch, isCanary: isCanary, now: now, &$1) }
        guard isFinal else { return }
        tell()
        change { $0.left(member, &$1) }
    }

    func cancelled(_ member: UInt64) { change { $0.cancelled(member, &$1) } }

    func probed(_ member: UInt64, epoch: Int, isWorking: Bool) {
        guard let now = runner(member)?.time.now else { return }
        change { $0.probed(member, epoch: epoch, isWorking: isWorking, now: now, &$1) }
    }

    /// A member was given something and will not do it.
    func discard(_ work: ProcessorWork, of member: UInt64) {
        guard case .item(let job, _, _) = work else { return }
        let onDiscard = runner(member)?.onDiscard
        cancelled(member)
        onDiscard?(job.item)
    }

    // The end

    func finish(_ member: UInt64) { change { $0.finish(member, &$1) } }

    func cancel(_ member: UInt64) {
        let dropped = change { $0.cancel(member, &$1) }
        guard let onDiscard = runner(member)?.onDiscard else { return }
        for item in dropped { onDiscard(item) }
    }

    func drain(_ member: UInt64) async throws {
        finish(member)
        try await wait(in: \.drainers) { caller, continuation in
            withMachine { $0.wait(caller, forEndOf: member, continuation) }
        }
    }
}

extension ProcessorJob {
    init(_ item: String, through priority: Int) { self.init(id: .next(), item: item, addressed: priority) }
}
