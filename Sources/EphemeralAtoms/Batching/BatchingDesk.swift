internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// What the atom and its worker share: the buffer and its alarm.
final class BatchingDesk<Item: Sendable>: Desk {
    typealias Machine = BatchingStateMachine<Item>

    private let machine: Mutex<Machine>
    private let time: any TimeSource
    private let alarm: Alarm
    /// Brings a worker to a batch.
    private let turns = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ options: BatchingOptions) {
        machine = Mutex(Machine(options))
        time = options.time
        alarm = Alarm("Ephemeral batch", time: options.time, spawner: TaskSpawner(executor: options.executor))
    }

    /// Says how a worker is brought to a batch; once, before anything else.
    func connect(_ turn: @escaping @Sendable () -> Void) { turns.withLock { $0 = turn } }

    var stats: BatchingStats { machine.withLock { $0.stats } }
    var isClosed: Bool { machine.withLock { $0.isClosed } }

    static var noEffects: Machine.Effects { Machine.Effects() }

    func withMachine<Result: Sendable>(_ body: (inout Machine) -> Result) -> Result { machine.withLock { body(&$0) } }

    func perform(_ effects: Machine.Effects) {
        if let order = effects.alarm {
            alarm.carryOut(order) { [weak self] number in
                self?.change { $0.intervalIsOver(number, &$1) }
            }
        }
        for continuation in effects.ready { continuation.resume() }
        for continuation in effects.refused {
            continuation.resume(throwing: CoordinatorError.completed("batching atom"))
        }
        guard effects.turns > 0, let turn = turns.withLock({ $0 }) else { return }
        for _ in 0..<effects.turns { turn() }
    }

    func enqueue(_ item: Item) -> Admission {
        let now = time.now
        return change { $0.enqueue(item, now: now, &$1) }
    }

    func enqueueWhenThereIsRoom(_ item: Item) async throws {
        try await wait(in: \.producers) { caller, continuation in
            let now = time.now
            let admission = change { $0.wait(caller, with: item, now: now, continuation, &$1) }
            return admission?.ending(of: "batching atom")
        }
    }

    func begin() -> Machine.Batch? {
        let now = time.now
        return change { $0.begin(now: now, &$1) }
    }

    func end(_ ending: Machine.Ending) { change { $0.end(ending, &$1) } }

    func finish() { change { $0.finish(&$1) } }

    func cancel() -> [Item] { change { $0.cancel(&$1) } }

    /// Ends the batch that is being filled, and waits for it and all before it.
    func flush() async throws {
        let last = change { $0.flush(&$1) }
        try await wait(in: \.flushers) { caller, continuation in
            withMachine { $0.wait(caller, upTo: last, continuation) }
        }
    }
}
