import Ephemeral
import HarnessKit

/// An instance that is one of the library's coordinators: what all of them have in common.
protocol CoordinatorInstance: SampledInstance {
    associatedtype Subject: Coordinator

    var coordinator: Subject { get }
    var port: SinkPort { get }
}

extension CoordinatorInstance {
    func drain() async throws { try await coordinator.drain() }

    func shutdown() async { await coordinator.shutdown() }

    func accounting() -> TargetAccounting { TargetAccounting(coordinator.stats) }

    func sample() -> TargetSample {
        TargetSample(
            accounting: accounting(),
            visible: coordinator.operations(in: .finished).count,
            isDrained: coordinator.isDrained,
            limit: coordinator.currentMaxConcurrency
        )
    }

    var signals: (any SignalPort)? { port }

    func apply(_ control: ControlAction) throws {
        switch control {
        case .cancel: coordinator.cancel()
        case .pause: coordinator.pause()
        case .resume: coordinator.resume()
        case .setMaxConcurrency(let limit): try coordinator.setMaxConcurrency(limit)
        }
    }
}

extension TargetInstance {
    /// Enqueues; a coordinator that takes nothing more has refused the operation.
    func refusingWhenCompleted(_ enqueue: () async throws -> Submission) async throws -> Submission {
        do {
            return try await enqueue()
        } catch let error as CoordinatorError where error.code == .completed {
            return .refused
        }
    }
}

extension TargetCapabilities {
    /// Those of several coordinators that set their limits themselves.
    static func coordinators(_ invariants: [InvariantSpec]) -> TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.discards = true
        capabilities.hasSignals = true
        capabilities.ending = .withBody
        capabilities.controls = [.cancel, .drain, .pause]
        capabilities.invariants = invariants
        return capabilities
    }

    /// Those of a coordinator, with the invariants that only some promise.
    static func coordinator(_ invariants: String...) -> TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.discards = true
        capabilities.hasSignals = true
        capabilities.ending = .withBody
        capabilities.controls = [.cancel, .drain, .pause, .setMaxConcurrency]
        let common = ["conservation", "concurrency-bound", "accounting-identity", "window-bound", "no-task-leak"]
        capabilities.invariants = (common + invariants.filter { !common.contains($0) }).map { InvariantSpec(use: $0) }
        return capabilities
    }
}
