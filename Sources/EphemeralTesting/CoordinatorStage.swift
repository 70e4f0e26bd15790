package import Ephemeral

/// What types that wrap coordinators are tested on: an executor and a clock that do nothing by themselves, a gate that bodies
/// stop at, and a list of what began.
package struct CoordinatorStage {
    package let executor = ManualTaskExecutor()
    package let time = ManualTimeSource()
    package let gate = Gate()
    package let starts = Journal<Int>()

    package init() {}

    /// Options on the executor and the clock.
    package func options(_ maxConcurrency: Int = 1, sink: SignalSink? = nil) -> EphemeralOptions {
        var options = EphemeralOptions(maxConcurrency: maxConcurrency)
        (options.executor, options.time) = (executor, time)
        options.signals.sink = sink
        return options
    }

    /// A body that is noted and stops at the gate.
    package var body: @Sendable (_ item: Int, _ context: OperationContext) async throws -> Void {
        { [starts, gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
    }

    /// Runs everything that can run.
    package func run() { executor.runUntilIdle() }

    /// Moves the clock and runs what follows.
    package func advance(_ milliseconds: Int) {
        time.advance(by: .milliseconds(milliseconds))
        run()
    }

    /// Lets bodies go on, and runs what follows.
    package func release(_ count: Int = 1) {
        gate.release(count)
        run()
    }

    /// Opens the gate and runs what follows.
    package func open() {
        gate.open()
        run()
    }

    /// Runs `work` in a task of its own on the executor, and everything that follows.
    @discardableResult
    package func call<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) -> StagedCall<Value> {
        let call = StagedCall<Value>(executor: executor, work: work)
        run()
        return call
    }
}

/// A call that may still be suspended.
package struct StagedCall<Value: Sendable>: Sendable {
    private let task: Task<Void, any Error>
    private let outcome = Journal<Result<Value, any Error>>()

    package init(executor: ManualTaskExecutor, work: @escaping @Sendable () async throws -> Value) {
        task = executor.spawn { [outcome] in
            do { outcome.record(.success(try await work())) } catch { outcome.record(.failure(error)) }
        }
    }

    package var isSuspended: Bool { outcome.count == 0 }
    package var value: Value? { try? outcome.elements.first?.get() }
    package var code: CoordinatorError.Code? { (error as? CoordinatorError)?.code }

    package var error: (any Error)? {
        if case .failure(let error)? = outcome.elements.first { error } else { nil }
    }

    package func cancel() { task.cancel() }
}

/// An error that a test recognises.
package struct StagedFailure: Error, Hashable {
    package var number: Int

    package init(number: Int = 0) { self.number = number }
}

/// The code of the error that an expression throws.
package func codeThrown(by expression: () throws -> Void) -> CoordinatorError.Code? {
    do {
        try expression()
        return nil
    } catch {
        return (error as? CoordinatorError)?.code
    }
}
