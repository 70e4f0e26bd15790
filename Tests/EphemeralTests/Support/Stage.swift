import Ephemeral
import EphemeralTesting

/// A coordinator of numbers on a manual executor and a manual clock, whose bodies stop at a gate: nothing happens but
/// what a test makes happen.
struct Stage {
    let executor = ManualTaskExecutor()
    let time = ManualTimeSource()
    let gate = Gate()
    let starts = Journal<Int>()
    let ends = Journal<Int>()

    func options(_ maxConcurrency: Int = 1) -> EphemeralOptions {
        var options = EphemeralOptions(maxConcurrency: maxConcurrency)
        options.executor = executor
        options.time = time
        return options
    }

    func coordinator(
        _ maxConcurrency: Int = 1,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> WorkCoordinator<Int> {
        var options = options(maxConcurrency)
        configure(&options)
        return try WorkCoordinator(options: options) { [starts, ends, gate] item in
            starts.record(item)
            try await gate.wait()
            ends.record(item)
        }
    }

    /// Runs everything that can run.
    func run() { executor.runUntilIdle() }

    /// Lets one body after another go on, and runs what follows.
    func release(_ count: Int = 1) {
        gate.release(count)
        run()
    }

    /// Opens the gate and runs what follows.
    func open() {
        gate.open()
        run()
    }

    /// Runs `work` on the executor, in a task that may be cancelled beforehand, and everything that follows.
    @discardableResult
    func call(cancelled isCancelled: Bool = false, _ work: @escaping @Sendable () async throws -> Void) -> Call {
        let result = Journal<Result<Void, any Error>>()
        let task = executor.spawn {
            do {
                try await work()
                result.record(.success(()))
            } catch {
                result.record(.failure(error))
            }
        }
        if isCancelled { task.cancel() }
        run()
        return Call(task: task, result: result)
    }

    /// A call that may still be suspended.
    struct Call {
        let task: Task<Void, any Error>
        let result: Journal<Result<Void, any Error>>

        var isSuspended: Bool { result.elements.isEmpty }

        var hasSucceeded: Bool {
            if case .success? = result.elements.first { true } else { false }
        }

        var error: (any Error)? {
            if case .failure(let error)? = result.elements.first { error } else { nil }
        }
    }
}

extension CoordinatorStats {
    /// Whether every operation is counted exactly once.
    var isConsistent: Bool {
        let parts = [pending, active, completed, failed, cancelled]
        return parts.allSatisfy { $0 >= 0 } && overflowed >= 0 && parts.reduce(0, +) == enqueued
    }
}

extension OperationOutcome {
    /// A short name for comparisons.
    var name: String {
        switch self {
        case .running: "running"
        case .completed: "completed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .skipped(let signal): "skipped by \(signal)"
        @unknown default: "unknown"
        }
    }
}
