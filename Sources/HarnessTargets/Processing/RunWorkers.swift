import Ephemeral
import Processing
import Synchronization

/// Somebody who runs jobs of a run, in this process or another.
protocol RunWorker: Sendable {
    /// Ends it at once and without notice, as a crash does.
    func kill()
    /// Tells it to hand back what it has and to end.
    func requestStop()
    /// Returns when it has ended.
    func ended() async
}

/// The workers of a run: as many as there should be, of which one that is killed is replaced.
final class RunWorkers: Sendable {
    private struct State {
        var workers: [any RunWorker] = []
        /// Those that are on their way out, and their replacing.
        var replacements: [Task<Void, Never>] = []
        var isClosed = false
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let tasks: TaskSpawner
    private let make: @Sendable (_ workers: RunWorkers) throws -> any RunWorker

    init(tasks: TaskSpawner, make: @escaping @Sendable (_ workers: RunWorkers) throws -> any RunWorker) {
        (self.tasks, self.make) = (tasks, make)
    }

    func start(_ count: Int) throws {
        guard state.withLock(\.workers.isEmpty) else { return }
        for _ in 0..<count { if let late = try add() { late.requestStop() } }
    }

    /// Makes a worker; returns it when there should be none any more.
    private func add() throws -> (any RunWorker)? {
        guard !state.withLock(\.isClosed) else { return nil }
        let worker = try make(self)
        return state.withLock { state in
            if !state.isClosed { state.workers.append(worker) }
            return state.isClosed ? worker : nil
        }
    }

    /// Kills the worker that has lived longest; another one takes its place when it has ended.
    func kill() {
        let victim: (any RunWorker)? = state.withLock { state in
            guard !state.workers.isEmpty, !state.isClosed else { return nil }
            return state.workers.removeFirst()
        }
        guard let victim else { return }
        victim.kill()
        let replacement = tasks.spawn("harness worker") { [self] in
            await victim.ended()
            do {
                guard let late = try add() else { return }
                late.requestStop()
                await late.ended()
            } catch {
                state.withLock { $0.failure = error }
            }
        }
        state.withLock { $0.replacements.append(replacement) }
    }

    /// Notes that a worker has ended although nobody has told it to.
    func noteFailure(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }

    /// Why there are fewer workers than there should be.
    var failure: (any Error)? { state.withLock { $0.failure } }

    /// Ends all workers, and returns when they have ended.
    func shutdown() async {
        let (workers, replacements) = state.withLock { state in
            state.isClosed = true
            return (state.workers, state.replacements)
        }
        for worker in workers { worker.requestStop() }
        for worker in workers { await worker.ended() }
        for replacement in replacements { await replacement.value }
    }
}

/// A worker in this process, with a line of its own to the store.
struct LocalWorker: RunWorker {
    let worker: ProcessingWorker
    let line: StoreLine

    func kill() {
        line.sever()
        worker.requestStop(grace: .zero)
    }

    func requestStop() { worker.requestStop(grace: .zero) }

    func ended() async { await worker.stop(grace: .zero) }
}
