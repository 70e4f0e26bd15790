internal import Synchronization

/// The source of a target that pulls and is kept saturated: operations are made as they are pulled.
///
/// Several tasks may pull at once. A phase of a number of operations that another phase follows makes pulls suspend at
/// its end; everything else is answered at once, so the source is also a plain sequence.
final class SaturatingSource: Sendable {
    private let plan: Plan
    private let control: LoadControl
    private let recorder: RunRecorder
    private let claims: ClaimCounter
    /// Whether an operation is nothing but its number.
    private let isPlain: Bool
    /// Whether anything but the number of operations is recorded.
    private let records: Bool
    private let hasLeft = Atomic<Bool>(false)

    init(plan: Plan, control: LoadControl) {
        self.plan = plan
        self.control = control
        isPlain = plan.scenario.load.keys == .none && plan.scenario.load.lanes == .none
        recorder = control.recorder
        claims = control.claims
        records = control.recorder.level != .counts || control.recorder.table != nil
        control.recorder.counters.countClaims(of: control.claims)
        control.gate.enter()
    }

    /// Whether no phase ever makes a pull wait.
    static func isSynchronous(_ phases: [Phase]) -> Bool {
        let lastLoad = phases.lastIndex { !$0.isDraining } ?? 0
        return !phases[..<lastLoad].contains {
            if case .after = $0.end { false } else { true }
        }
    }

    /// Whether the target has been told that there are no more operations, for now or for good.
    var hasEnded: Bool { hasLeft.load(ordering: .acquiring) }

    /// The target's view of the source.
    var source: OperationSource {
        let synchronous = Self.isSynchronous(plan.scenario.load.phases) ? SynchronousOperations { self.next() } : nil
        return OperationSource(synchronous: synchronous) { await self.pull() }
    }

    private func pull() async -> Operation? {
        while true {
            if let operation = next() { return operation }
            guard await control.waitUntilOpen() else { return nil }
            if hasLeft.exchange(false, ordering: .sequentiallyConsistent) { control.gate.enter() }
        }
    }

    private func next() -> Operation? {
        guard control.isOpen else {
            leave()
            return nil
        }
        let phase = control.currentPhase
        guard let index = claims.claimOne() else {
            control.exhaust(phase: phase)
            leave()
            return nil
        }
        let operation = isPlain ? Operation(index: index) : plan.operation(index)
        if records { record(operation, phase: phase) }
        return operation
    }

    private func record(_ operation: Operation, phase: Int) {
        let now = recorder.eventTime
        let offer = Offer(operation: operation, intended: now, submitted: now, phase: phase)
        recorder.offering(offer)
        recorder.settled(offer, accepted: true, at: now)
    }

    private func leave() {
        if !hasLeft.exchange(true, ordering: .sequentiallyConsistent) { control.gate.leave() }
    }
}
