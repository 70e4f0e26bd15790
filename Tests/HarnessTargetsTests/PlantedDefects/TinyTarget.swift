import HarnessKit
import Synchronization

@testable import HarnessTargets

/// The small coordinator as a target, with or without a planted defect.
enum TinyTarget: Target {
    struct Options: Codable, Sendable {
        var maxConcurrency: Int?
        var defect: PlantedDefect?
    }

    static let id = "test.tiny"
    static let summary = "A small keyed coordinator into which a defect can be planted."

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.isKeyed = true
        capabilities.hasSignals = true
        capabilities.controls = [.drain, .setMaxConcurrency]
        capabilities.invariants = [
            "conservation", "concurrency-bound", "concurrency-bound-per-key", "fifo-per-key", "no-start-while-deferred",
        ].map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        TinyInstance(options, environment)
    }
}

private final class TinyInstance: TargetInstance {
    private let coordinator: TinyCoordinator
    private let port: TinyPort

    init(_ options: TinyTarget.Options, _ environment: TargetEnvironment) {
        coordinator = TinyCoordinator(
            defect: options.defect,
            limit: options.maxConcurrency ?? 4,
            in: environment
        )
        port = TinyPort(coordinator)
    }

    var signals: (any SignalPort)? { port }

    func trySubmit(_ operation: HarnessKit.Operation) -> ImmediateSubmission {
        coordinator.enqueue(operation) ? .accepted : .refused
    }

    func apply(_ control: ControlAction) throws {
        if case .setMaxConcurrency(let limit) = control { coordinator.setLimit(limit) }
    }

    func drain() async throws { await coordinator.drain() }

    func shutdown() async { await coordinator.shutdown() }

    func accounting() -> TargetAccounting { coordinator.accounting }
}

/// Any signal defers, until it is retracted.
private final class TinyPort: SignalPort {
    private let coordinator: TinyCoordinator
    private let live = Mutex<Set<String>>([])
    private let handlers = Mutex<[@Sendable (SignalObservation) -> Void]>([])

    init(_ coordinator: TinyCoordinator) { self.coordinator = coordinator }

    func raise(_ name: String) {
        live.withLock { _ = $0.insert(name) }
        tell(SignalObservation(name: name, isRetraction: false))
        coordinator.setDeferred(true)
    }

    func retract(_ pattern: String) -> Int {
        guard live.withLock({ $0.remove(pattern) }) != nil else { return 0 }
        tell(SignalObservation(name: pattern, isRetraction: true))
        if live.withLock({ $0.isEmpty }) { coordinator.setDeferred(false) }
        return 1
    }

    func observe(_ handler: @escaping @Sendable (SignalObservation) -> Void) {
        handlers.withLock { $0.append(handler) }
    }

    private func tell(_ observation: SignalObservation) {
        for handler in handlers.withLock({ $0 }) { handler(observation) }
    }
}
