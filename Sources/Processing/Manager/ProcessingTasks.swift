internal import Dispatch
internal import Ephemeral

extension ProcessingManager {
    /// What creates tasks for work.
    var tasks: TaskSpawner { TaskSpawner(executor: options.executor) }

    /// What creates tasks for signs of life: they get on also while processors keep all threads of the pool busy.
    var vitalSigns: TaskSpawner { TaskSpawner(executor: options.executor ?? VitalSignsExecutor.shared) }
}

/// An executor with a thread of its own.
///
/// A serial queue of Dispatch gets a thread even when as many are busy as there are processors, which the queues behind the
/// global pool do not.
private final class VitalSignsExecutor: TaskExecutor {
    static let shared = VitalSignsExecutor()

    private let queue = DispatchQueue(label: "Processing signs of life")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The closure keeps the executor alive, and the queue runs each job once.
        queue.async { [self] in unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
