internal import Synchronization

/// What other threads tell the conducting one; each wakes it.
final class RunSignals: Sendable {
    /// What the conductor sleeps on.
    enum Bed: Sendable {
        case machine(Parker)
        case virtual(VirtualParker)
    }

    let bed: Bed
    private let stop = Mutex<StopReason?>(nil)
    private let emptied = Atomic<Bool>(false)

    /// Why the load ends before its last phase has.
    enum StopReason: Sendable, Equatable {
        case interrupted
        case historyFull
        /// The target stopped pulling; says why.
        case sourceLeft(String)
    }

    init(stage: RunStage) {
        bed = stage.virtualTime.map { .virtual(VirtualParker(time: $0)) } ?? .machine(Parker())
    }

    /// Asks for the end of the load; the first reason counts.
    func requestStop(_ reason: StopReason) {
        stop.withLock { $0 = $0 ?? reason }
        wake()
    }

    private func wake() {
        switch bed {
        case .machine(let parker): parker.signal()
        case .virtual(let parker): parker.signal()
        }
    }

    var stopReason: StopReason? { stop.withLock(\.self) }

    /// Says that nothing is in flight.
    func noteEmpty() {
        emptied.store(true, ordering: .releasing)
        wake()
    }

    var isEmptied: Bool { emptied.load(ordering: .acquiring) }

    /// Forgets that it was empty, when a phase begins that waits for it.
    func expectEmpty() { emptied.store(false, ordering: .releasing) }
}
