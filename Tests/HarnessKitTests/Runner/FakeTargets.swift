import HarnessKit
import Synchronization

/// Options of targets that have none.
struct NoOptions: Codable, Sendable {}

/// Counts of a fake's operations, and a wait for their end.
final class FakeWork: Sendable {
    private let state = Mutex(State())

    private struct State {
        var accepted = 0
        var ended = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    var open: Int { state.withLock { $0.accepted - $0.ended } }

    func accept() { state.withLock { $0.accepted += 1 } }

    func end() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.ended += 1
            guard state.ended == state.accepted else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func waitUntilIdle() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.accepted == state.ended { return true }
                state.waiters.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    var accounting: TargetAccounting {
        var accounting = TargetAccounting()
        state.withLock { state in
            accounting.enqueued = state.accepted
            accounting.pending = state.accepted - state.ended
        }
        return accounting
    }
}

/// Takes everything at once and runs each operation in a task of its own.
struct EagerTarget: Target {
    static let id = "fake.eager"
    static let summary = "takes everything"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(environment: environment)
    }

    struct Instance: TargetInstance {
        let environment: TargetEnvironment
        let work = FakeWork()

        func trySubmit(_ operation: Operation) -> ImmediateSubmission {
            work.accept()
            Task {
                try? await environment.body(operation)
                work.end()
            }
            return .accepted
        }

        func drain() async throws { await work.waitUntilIdle() }
        func shutdown() async {}
        func accounting() -> TargetAccounting { work.accounting }
    }
}

/// Runs the body within the submission, which therefore always suspends.
struct InlineTarget: Target {
    static let id = "fake.inline"
    static let summary = "runs operations within their submission"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(environment: environment)
    }

    struct Instance: TargetInstance {
        let environment: TargetEnvironment

        func submit(_ operation: Operation) async throws -> Submission {
            try? await environment.body(operation)
            return .accepted
        }

        func drain() async throws {}
        func shutdown() async {}
        func accounting() -> TargetAccounting { TargetAccounting() }
    }
}

/// Refuses every other operation.
struct RefusingTarget: Target {
    static let id = "fake.refusing"
    static let summary = "refuses every other operation"
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        return capabilities
    }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(eager: EagerTarget.Instance(environment: environment))
    }

    struct Instance: TargetInstance {
        let eager: EagerTarget.Instance

        func trySubmit(_ operation: Operation) -> ImmediateSubmission {
            operation.index.isMultiple(of: 2) ? eager.trySubmit(operation) : .refused
        }

        func drain() async throws { try await eager.drain() }
        func shutdown() async {}
        func accounting() -> TargetAccounting { eager.accounting() }
    }
}

/// Takes everything and drops it.
struct DiscardingTarget: Target {
    static let id = "fake.discarding"
    static let summary = "drops all operations and says so"
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.discards = true
        return capabilities
    }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(environment: environment)
    }

    struct Instance: TargetInstance {
        let environment: TargetEnvironment

        func trySubmit(_ operation: Operation) -> ImmediateSubmission {
            environment.observer.discarded(operation)
            return .accepted
        }

        func drain() async throws {}
        func shutdown() async {}
        func accounting() -> TargetAccounting { TargetAccounting() }
    }
}

/// Takes everything, runs nothing, and never drains nor shuts down.
struct HangingTarget: Target {
    static let id = "fake.hanging"
    static let summary = "takes operations and never ends"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance()
    }

    struct Instance: TargetInstance {
        let never = FakeWork()

        init() { never.accept() }

        func trySubmit(_ operation: Operation) -> ImmediateSubmission { .accepted }
        func drain() async throws { await never.waitUntilIdle() }
        func shutdown() async { await never.waitUntilIdle() }
        func accounting() -> TargetAccounting { TargetAccounting() }
    }
}

/// Pulls operations one after another; through the plain sequence where there is one.
struct PullingTarget: Target {
    static let id = "fake.pulling"
    static let summary = "pulls operations"
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.intake = .pull
        return capabilities
    }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(environment: environment)
    }

    struct Instance: TargetInstance {
        let environment: TargetEnvironment
        let work = FakeWork()

        init(environment: TargetEnvironment) {
            self.environment = environment
            work.accept()
        }

        func run(_ source: OperationSource) async throws {
            defer { work.end() }
            if let operations = source.synchronous {
                for operation in operations { try? await environment.body(operation) }
            } else {
                for await operation in source { try? await environment.body(operation) }
            }
        }

        func drain() async throws { await work.waitUntilIdle() }
        func shutdown() async {}
        func accounting() -> TargetAccounting { TargetAccounting() }
    }
}

/// Cannot be made.
struct ImpossibleTarget: Target {
    static let id = "fake.impossible"
    static let summary = "cannot be made"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        throw PluginOptionError(option: "size", message: "no size fits")
    }
}

/// Hears and raises signals, and counts controls.
struct SignallingTarget: Target {
    static let id = "fake.signalling"
    static let summary = "has signals and controls"
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.hasSignals = true
        capabilities.controls = [.pause]
        return capabilities
    }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(eager: EagerTarget.Instance(environment: environment))
    }

    struct Instance: TargetInstance {
        let eager: EagerTarget.Instance
        let port = Port()
        var signals: (any SignalPort)? { port }

        func trySubmit(_ operation: Operation) -> ImmediateSubmission { eager.trySubmit(operation) }
        func drain() async throws { try await eager.drain() }
        func shutdown() async {}
        func accounting() -> TargetAccounting { eager.accounting() }
        func apply(_ control: ControlAction) throws { port.raise("control.\(control)") }
    }

    final class Port: SignalPort {
        private let handlers = Mutex<[@Sendable (SignalObservation) -> Void]>([])

        func raise(_ name: String) { tell(SignalObservation(name: name, isRetraction: false)) }

        func retract(_ pattern: String) -> Int {
            tell(SignalObservation(name: pattern, isRetraction: true))
            return 1
        }

        func observe(_ handler: @escaping @Sendable (SignalObservation) -> Void) {
            handlers.withLock { $0.append(handler) }
        }

        private func tell(_ signal: SignalObservation) {
            for handler in handlers.withLock(\.self) { handler(signal) }
        }
    }
}

/// Runs operations within their submission, answers each, and tells its counts and its drains.
struct AnsweringTarget: Target {
    static let id = "fake.answering"
    static let summary = "answers operations and can be read and drained"
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.hasSignals = true
        capabilities.controls = [.drain]
        return capabilities
    }

    static func make(options: NoOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(environment: environment)
    }

    struct Instance: SampledInstance {
        let environment: TargetEnvironment
        let port = SignallingTarget.Port()
        var signals: (any SignalPort)? { port }

        func submit(_ operation: Operation) async throws -> Submission {
            try? await environment.body(operation)
            let result: Int? =
                switch operation.index % 3 {
                case 0: operation.index
                case 1: operation.index + 1
                default: nil
                }
            environment.observer.delivered(operation, result: result)
            return .accepted
        }

        func drain() async throws { port.raise("drained") }
        func shutdown() async {}
        func accounting() -> TargetAccounting { TargetAccounting() }
        func sample() -> TargetSample { TargetSample(accounting: accounting(), visible: 7, isDrained: false) }
    }
}
