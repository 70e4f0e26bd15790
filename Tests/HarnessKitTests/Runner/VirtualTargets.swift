import Dispatch
import EphemeralTime
import HarnessKit
import Synchronization

/// Runs each operation in a task on the run's executor.
struct OrderlyTarget: Target {
    static let id = "virtual.orderly"
    static let summary = "stays in virtual time"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskPerOperation(environment: environment)
    }
}

/// An instance that runs each operation in a task of its own, after a preparation of whatever kind.
struct TaskPerOperation: TargetInstance {
    let environment: TargetEnvironment
    var work = FakeWork()
    var prepare: @Sendable (Operation) async -> Void = { _ in }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        work.accept()
        _ = Task(name: "operation", executorPreference: environment.executor) {
            await prepare(operation)
            try? await environment.body(operation)
            work.end()
        }
        return .accepted
    }

    func drain() async throws { await work.waitUntilIdle() }
    func shutdown() async {}
    func accounting() -> TargetAccounting { work.accounting }
}

/// Starts a task outside and does not wait for it.
struct EscapingTarget: Target {
    static let id = "virtual.escaping"
    static let summary = "leaves virtual time by a task that nobody awaits"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskPerOperation(environment: environment) { operation in
            if operation.index == 3 { _ = Task {} }
        }
    }
}

/// Sleeps on the machine's clock.
struct SleepyTarget: Target {
    static let id = "virtual.sleepy"
    static let summary = "sleeps really"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskPerOperation(environment: environment) { operation in
            // Long enough to be suspended before it ends, on a busy machine too.
            if operation.index == 3 { try? await SystemTimeSource().sleep(for: .milliseconds(500)) }
        }
    }
}

/// Blocks the thread for a while.
struct BlockingTarget: Target {
    static let id = "virtual.blocking"
    static let summary = "blocks the thread of virtual time"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskPerOperation(environment: environment) { operation in
            if operation.index == 3 { blockThread(for: .milliseconds(400)) }
        }
    }
}

/// Keeps the thread until it is let go.
struct StuckTarget: Target {
    static let id = "virtual.stuck"
    static let summary = "keeps the thread of virtual time"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskPerOperation(environment: environment) { operation in
            if operation.index == 3 { blockThread(for: .seconds(2)) }
        }
    }
}

/// Waits longer with every instance that was made before: state that outlives a run.
struct FickleTarget: Target {
    static let id = "virtual.fickle"
    static let summary = "remembers earlier runs"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    private static let instances = Atomic(0)

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        let age = instances.add(1, ordering: .relaxed).newValue
        return TaskPerOperation(environment: environment) { operation in
            if operation.index == 3 { try? await environment.time.sleep(for: .microseconds(age)) }
        }
    }
}

/// Cannot run in virtual time, and says so.
struct MachineBoundTarget: Target {
    static let id = "virtual.machine-bound"
    static let summary = "has threads of its own"
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.virtualObstacle = "it has threads of its own"
        return capabilities
    }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        TaskPerOperation(environment: environment)
    }
}

/// Blocks the calling thread, as nothing in virtual time should.
private func blockThread(for duration: Duration) {
    let nothing = DispatchSemaphore(value: 0)
    _ = nothing.wait(timeout: .now() + .nanoseconds(Int(duration / .nanoseconds(1))))
}

/// Means to run one operation at a time, and forgets that others come in between looking and acting.
struct HastyTarget: Target {
    static let id = "virtual.hasty"
    static let summary = "checks, suspends and acts"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    private final class Slot: Sendable {
        private let isTaken = Mutex(false)
        private let time: any TimeSource

        init(time: any TimeSource) { self.time = time }

        func run(_ body: () async throws -> Void) async {
            while isTaken.withLock(\.self) { try? await time.sleep(for: .milliseconds(1)) }
            // Here the other of two that came at once may look as well.
            await Task.yield()
            isTaken.withLock { $0 = true }
            try? await body()
            isTaken.withLock { $0 = false }
        }
    }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(inner: TaskPerOperation(environment: environment))
    }

    private struct Instance: TargetInstance {
        let inner: TaskPerOperation
        private let slot: Slot

        init(inner: TaskPerOperation) {
            self.inner = inner
            slot = Slot(time: inner.environment.time)
        }

        func trySubmit(_ operation: Operation) -> ImmediateSubmission {
            inner.work.accept()
            _ = Task(name: "operation", executorPreference: inner.environment.executor) {
                await slot.run { try await inner.environment.body(operation) }
                inner.work.end()
            }
            return .accepted
        }

        func drain() async throws { await inner.work.waitUntilIdle() }
        func shutdown() async {}
        func accounting() -> TargetAccounting { inner.work.accounting }
    }
}
