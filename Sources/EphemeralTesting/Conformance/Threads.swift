internal import Dispatch

/// An executor with a thread for every job that blocks, so that blocking bodies keep no thread of the pool.
package final class ThreadExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "EphemeralTesting bodies", attributes: .concurrent)

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The closure keeps the executor alive, and the queue runs each job once.
        queue.async { [self] in unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

/// A point that threads pass only together.
package final class Meeting: Sendable {
    private let departures = DispatchGroup()

    package init(of count: Int) {
        for _ in 0..<count { departures.enter() }
    }

    /// Blocks the thread until all are here.
    ///
    /// - Returns: Whether they came, or did not within this time.
    package func attend(waiting patience: Duration = .seconds(10)) -> Bool {
        departures.leave()
        return departures.wait(timeout: .now() + .milliseconds(Int(patience / .milliseconds(1)))) == .success
    }
}
