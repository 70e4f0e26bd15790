internal import Ephemeral
internal import Synchronization

/// What a check works with: an executor and a clock that do nothing by themselves, a gate that bodies stop at, and a list
/// of what they did.
struct ConformanceStage: Sendable {
    typealias Subject = CoordinatorConformance.Subject

    let check: ConformanceCheck
    let make: CoordinatorConformance.Maker
    let patience: Duration
    let executor = ManualTaskExecutor()
    let time = ManualTimeSource()
    let gate = Gate()
    let starts = Journal<Int>()
    let ends = Journal<Int>()
    let meter = RunningMeter()
    let handle = SubjectHandle()

    func options(_ limit: Int = 1) -> EphemeralOptions {
        var options = EphemeralOptions(maxConcurrency: limit)
        options.executor = executor
        options.time = time
        return options
    }

    /// A coordinator on the executor and the clock whose bodies are noted, and stop at the gate unless `body` says
    /// otherwise.
    func subject(
        _ limit: Int = 1,
        configure: (inout EphemeralOptions) -> Void = { _ in },
        body: CoordinatorConformance.Body? = nil
    ) throws -> Subject {
        var options = options(limit)
        configure(&options)
        let subject = try make(options) { [starts, ends, meter, gate] item in
            starts.record(item)
            meter.enter()
            defer {
                meter.leave()
                ends.record(item)
            }
            if let body { try await body(item) } else { try await gate.wait() }
        }
        handle.set(subject)
        return subject
    }

    /// A coordinator on the executor and the clock with bodies of its own, which are noted.
    func subjectRunning(_ limit: Int = 1, body: @escaping CoordinatorConformance.Body) throws -> Subject {
        try subject(limit, body: body)
    }

    /// Runs everything that can run, as long as `condition` holds, and looks after every step.
    func run(while condition: () -> Bool = { true }, look: () throws -> Void = {}) throws {
        var jobs = 0
        while condition(), executor.runNext() {
            jobs += 1
            try require(jobs < 100_000, "it never comes to rest")
            try look()
        }
    }

    /// Lets bodies go on, and runs what follows.
    func release(_ count: Int = 1) throws {
        gate.release(count)
        try run()
    }

    /// Opens the gate and runs what follows.
    func open() throws {
        gate.open()
        try run()
    }

    /// Brings items one after the other, in one task, and runs what follows.
    @discardableResult
    func enqueue(_ items: some Sequence<Int> & Sendable, to subject: Subject) throws -> ConformanceCall {
        try call { for item in items { try await subject.enqueue(item) } }
    }

    /// Brings an item and runs nothing but what its caller needs.
    func enqueueOnly(_ item: Int, to subject: Subject) throws {
        let call = start { try await subject.enqueue(item) }
        try run(while: { call.isSuspended })
        try require(call.hasSucceeded, "an item was not accepted although there was room: \(call)")
    }

    /// Runs `work` on the executor, in a task of its own, and everything that follows.
    @discardableResult
    func call(_ work: @escaping @Sendable () async throws -> Void) throws -> ConformanceCall {
        let call = start(work)
        try run()
        return call
    }

    private func start(_ work: @escaping @Sendable () async throws -> Void) -> ConformanceCall {
        let result = Journal<Result<Void, any Error>>()
        let task = executor.spawn {
            do {
                try await work()
                result.record(.success(()))
            } catch {
                result.record(.failure(error))
            }
        }
        return ConformanceCall(task: task, result: result)
    }

    /// A stage for the same check on which nothing has happened.
    func another() -> ConformanceStage {
        ConformanceStage(check: check, make: make, patience: patience)
    }

    /// Leaves no task behind.
    func end() {
        handle.subject?.coordinator.cancel()
        handle.set(nil)
        gate.open()
        // Whatever the check has found out about it: what does not come to rest is left alone.
        try? run()
    }

    /// Fails the check unless a condition holds.
    func require(_ condition: Bool, _ observation: @autoclosure () -> String) throws {
        if !condition { throw failure(observation()) }
    }

    /// Fails the check unless two values are equal.
    func require<Value: Equatable>(_ seen: Value, is expected: Value, _ what: String) throws {
        if seen != expected { throw failure("\(what): \(seen) instead of \(expected)") }
    }

    func failure(_ observation: String) -> ConformanceFailure {
        ConformanceFailure(check: check.id, rule: check.rule, observation: observation)
    }
}

/// A call that may still be suspended.
struct ConformanceCall: Sendable, CustomStringConvertible {
    let task: Task<Void, any Error>
    let result: Journal<Result<Void, any Error>>

    var isSuspended: Bool { result.elements.isEmpty }

    var hasSucceeded: Bool {
        if case .success? = result.elements.first { true } else { false }
    }

    var error: (any Error)? {
        if case .failure(let error)? = result.elements.first { error } else { nil }
    }

    var code: CoordinatorError.Code? { (error as? CoordinatorError)?.code }

    var description: String {
        if let error { return "it threw \(error)" }
        return isSuspended ? "it did not return" : "it returned"
    }
}

/// How many bodies run, and ran at most.
final class RunningMeter: Sendable {
    private let state = Mutex((running: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func enter() { state.withLock { $0 = ($0.running + 1, max($0.most, $0.running + 1)) } }

    func leave() { state.withLock { $0.running -= 1 } }
}

/// The way from a body or callback to its coordinator, which ends with the check.
final class SubjectHandle: Sendable {
    private let storage = Mutex<CoordinatorConformance.Subject?>(nil)

    var subject: CoordinatorConformance.Subject? { storage.withLock { $0 } }

    func set(_ subject: CoordinatorConformance.Subject?) {
        // The former one is released outside the lock: its release runs code of its type.
        let former = storage.withLock { storage in
            defer { storage = subject }
            return storage
        }
        withExtendedLifetime(former) {}
    }
}

/// The error that bodies of checks throw.
struct BodyFailure: Error, Hashable {
    let item: Int
}
