import EphemeralTime
import HarnessKit
import Synchronization

/// A small keyed coordinator, right but for the one defect that is planted in it: what the search over schedules has to find.
final class TinyCoordinator: Sendable {
    private let defect: PlantedDefect?
    private let state: Mutex<State>
    private let body: OperationBody
    private let time: any TimeSource
    private let tasks = Mutex<[Task<Void, Never>]>([])

    init(defect: PlantedDefect?, limit: Int, in environment: TargetEnvironment) {
        self.defect = defect
        let executor = environment.executor
        (body, time) = (environment.body, environment.time)
        state = Mutex(State(defect: defect, limit: limit))
        let workers = (0...limit).map { _ in
            Task(executorPreference: executor) { await self.work() }
        }
        tasks.withLock { $0 = workers }
    }

    var accounting: TargetAccounting { state.withLock { $0.accounting } }

    func enqueue(_ operation: HarnessKit.Operation) -> Bool {
        change { state in
            guard state.isOpen else { return false }
            state.waiting.append(operation)
            state.counts.enqueued? += 1
            return true
        }
    }

    func setDeferred(_ isDeferred: Bool) { change { $0.isDeferred = isDeferred } }

    func setLimit(_ limit: Int) { resume(state.withLock { $0.setLimit(limit) }) }

    func drain() async {
        change { $0.isOpen = false }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isIdle { return true }
                state.joining.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// Drops what waits and ends; a place that leaked, or a worker that nobody wakes, does not hold it up.
    func shutdown() async {
        change { state in
            state.counts.cancelled? += state.waiting.count
            state.waiting = []
            state.isOpen = false
            state.isDeferred = false
        }
        for task in tasks.withLock({ $0 }) {
            task.cancel()
            await task.value
        }
    }

    private func change<Result>(_ body: (inout State) -> Result) -> Result {
        let (result, woken) = state.withLock { state in
            let result = body(&state)
            return (result, Woken(continuations: state.wake()))
        }
        resume(woken.continuations)
        return result
    }

    private struct Woken {
        let continuations: [CheckedContinuation<Void, Never>]
    }

    private func resume(_ continuations: [CheckedContinuation<Void, Never>]) {
        for continuation in continuations { continuation.resume() }
    }

    private func work() async {
        while true {
            switch await turn() {
            case .end: return
            case .rest: await rest()
            case .run(let operation): await run(operation)
            }
        }
    }

    private func turn() async -> State.Turn {
        guard defect == .counterReadOutsideTheLock else { return state.withLock { $0.take() } }
        let hasPlace = state.withLock { $0.active < $0.limit }
        guard hasPlace else { return state.withLock { $0.take() } }
        await Task.yield()
        return state.withLock { $0.take(checkingLimit: false) }
    }

    /// Waits until something changes, unless something has since the worker looked.
    private func rest() async {
        let isUnwatched = defect == .lostWakeUpOnRetract && state.withLock { $0.isDeferred }
        if isUnwatched { try? await time.sleep(for: .microseconds(200)) }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !isUnwatched, state.wouldTake { return true }
                state.resting.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    private func run(_ operation: HarnessKit.Operation) async {
        if defect == .headOfLineBlock {
            while !state.withLock({ $0.takeKey(operation.key) }) { await restForKey() }
        }
        do {
            try await body(operation)
            resume(state.withLock { $0.finish(operation, hasFailed: false) })
        } catch {
            resume(state.withLock { $0.finish(operation, hasFailed: true) })
        }
    }

    private func restForKey() async {
        await withCheckedContinuation { continuation in state.withLock { $0.resting.append(continuation) } }
    }
}

extension TinyCoordinator.State {
    /// Whether a worker that looks now would not rest.
    var wouldTake: Bool {
        var copy = self
        if case .rest = copy.take() { return false }
        return true
    }
}
