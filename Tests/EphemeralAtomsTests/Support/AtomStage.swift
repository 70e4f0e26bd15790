import Ephemeral
import EphemeralTesting

/// What atoms are tested on: an executor and a clock that do nothing by themselves, a gate that bodies stop at, and a list
/// of what began.
struct AtomStage {
    let executor = ManualTaskExecutor()
    let time = ManualTimeSource()
    let gate = Gate()
    let starts = Journal<Int>()

    /// Options on the executor and the clock.
    func options(_ maxConcurrency: Int = 1, sink: SignalSink? = nil) -> EphemeralOptions {
        var options = EphemeralOptions(maxConcurrency: maxConcurrency)
        (options.executor, options.time) = (executor, time)
        options.signals.sink = sink
        return options
    }

    /// A body that is noted and stops at the gate.
    var body: @Sendable (_ item: Int, _ context: OperationContext) async throws -> Void {
        { [starts, gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
    }

    /// Runs everything that can run.
    func run() { executor.runUntilIdle() }

    /// Moves the clock and runs what follows.
    func advance(_ milliseconds: Int) {
        time.advance(by: .milliseconds(milliseconds))
        run()
    }

    /// Lets bodies go on, and runs what follows.
    func release(_ count: Int = 1) {
        gate.release(count)
        run()
    }

    /// Opens the gate and runs what follows.
    func open() {
        gate.open()
        run()
    }

    /// Runs `work` in a task of its own on the executor, and everything that follows.
    @discardableResult
    func call<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) -> StagedCall<Value> {
        let call = StagedCall<Value>(executor: executor, work: work)
        run()
        return call
    }
}

/// A call that may still be suspended.
struct StagedCall<Value: Sendable>: Sendable {
    private let task: Task<Void, any Error>
    private let outcome = Journal<Result<Value, any Error>>()

    init(executor: ManualTaskExecutor, work: @escaping @Sendable () async throws -> Value) {
        task = executor.spawn { [outcome] in
            do { outcome.record(.success(try await work())) } catch { outcome.record(.failure(error)) }
        }
    }

    var isSuspended: Bool { outcome.count == 0 }
    var value: Value? { try? outcome.elements.first?.get() }
    var code: CoordinatorError.Code? { (error as? CoordinatorError)?.code }

    var error: (any Error)? {
        if case .failure(let error)? = outcome.elements.first { error } else { nil }
    }

    func cancel() { task.cancel() }
}

/// An error that a test recognises.
struct Failure: Error, Hashable {
    var number = 0
}

/// The code of the error that an expression throws.
func codeThrown(by expression: () throws -> Void) -> CoordinatorError.Code? {
    do {
        try expression()
        return nil
    } catch {
        return (error as? CoordinatorError)?.code
    }
}
