internal import EphemeralTime
internal import Synchronization

/// What has to be done after the lock is released, besides waking one worker.
///
/// Made only when there is something to do, so that the common event carries one empty reference.
@usableFromInline
struct Effects: Sendable {
    struct List: Sendable {
        /// Parked workers to wake so that they end.
        var retired: [WorkerContinuation] = []
        /// Callers of `enqueue` whose item has moved into the queue.
        var admitted: [CheckedContinuation<Void, any Error>] = []
        /// Callers of `enqueue` for whom there will be no room.
        var refused: [CheckedContinuation<Void, any Error>] = []
        /// Callers of `enqueue` whose route no longer takes them.
        var turnedAway: [CheckedContinuation<Void, any Error>] = []
        /// Callers that wait for a state which has been reached.
        var ready: [CheckedContinuation<Void, any Error>] = []
        /// Callers that wait for an operation that has ended.
        var ended: [(continuation: OperationWaiters.Continuation, record: OperationRecord)] = []
        /// Operations that were dropped while who submitted them waits.
        var announced: [any OperationTag] = []
        var cancelled: [Task<Void, Never>] = []
        var evicted: [OperationRecord] = []
        /// What is to become of the alarm.
        var alarm: AlarmOrder?
        /// An operation that starts although it is deferred, because its allowance is used up.
        var exhausted: OperationID?
        /// Operations that were dropped before they started.
        var discarded: [OperationID] = []
        var sampleIsDue = false
        /// Callers that wait for room are to be let in soon.
        var admissionIsDue = false
    }

    /// When the engine has to look at the start gate again, or that it need not.
    ///
    /// Orders are carried out after the lock is released, where one thread may overtake another; the last one given holds.
    struct AlarmOrder: Sendable {
        let number: UInt64
        let due: Timestamp?
    }

    /// Has one owner at a time: whoever decides, then whoever carries out.
    private final class Box: Sendable {
        let list = Mutex(List())
    }

    private let box = Box()

    var list: List { box.list.withLock { $0 } }

    static func add(to effects: inout Effects?, _ change: (inout List) -> Void) {
        let changed = effects ?? Effects()
        changed.box.list.withLock { change(&$0) }
        effects = changed
    }

    /// A caller of `enqueue` has been let in.
    @usableFromInline
    static func admit(_ caller: CheckedContinuation<Void, any Error>, _ effects: inout Effects?) {
        add(to: &effects) { $0.admitted.append(caller) }
    }

    /// The route of a caller of `enqueue` no longer takes it.
    @usableFromInline
    static func turnAway(_ caller: CheckedContinuation<Void, any Error>, _ effects: inout Effects?) {
        add(to: &effects) { $0.turnedAway.append(caller) }
    }

    @usableFromInline
    static func orderAdmission(_ effects: inout Effects?) { add(to: &effects) { $0.admissionIsDue = true } }
}
