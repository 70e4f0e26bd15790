import Ephemeral
import EphemeralTime
import HarnessKit

@testable import HarnessTargets

/// A work coordinator that does one thing wrong, of those that invariants of the atoms look for.
enum FlawedTarget: Target {
    struct Options: Codable, Sendable {
        var maxConcurrency: Int?
        var maxAttempts: Int?
        var maxBatchSize: Int?
        var flushInterval: DurationText?
        var flaw: Flaw?
    }

    /// What is wrong.
    enum Flaw: String, Codable, Sendable, CaseIterable {
        /// A task goes on sleeping after the shutdown.
        case leak
        /// An operation sleeps between its attempts where it runs.
        case holdsSlot
        /// It sleeps for longer than its back-off may take.
        case sleepsTooLong
        /// Batches of one after another operation run side by side.
        case overlaps
        /// Batches of ten where two are allowed.
        case overfills
        /// A backup gets what a healthy primary should.
        case passesOver

        /// The invariant that has to see it.
        var invariant: String {
            switch self {
            case .leak: "no-task-leak"
            case .holdsSlot: "no-slot-while-backing-off"
            case .sleepsTooLong: "backoff-within"
            case .overlaps: "one-flush-at-a-time"
            case .overfills: "batch-bounds"
            case .passesOver: "failover-only-when-unhealthy"
            }
        }
    }

    static let id = "test.flawed"
    static let summary = "A work coordinator with a planted flaw."
    static var capabilities: TargetCapabilities { .coordinator() }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try FlawedInstance(options, environment)
    }
}

private final class FlawedInstance: CoordinatorInstance {
    let coordinator: WorkCoordinator<HarnessKit.Operation>
    let port: SinkPort

    init(_ options: FlawedTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        var libraryOptions = EphemeralOptions(maxConcurrency: options.maxConcurrency ?? 4)
        (libraryOptions.time, libraryOptions.executor) = (environment.time, environment.executor)
        let work = FlawedWork(flaw: options.flaw, environment: environment, port: port)
        coordinator = try WorkCoordinator(options: libraryOptions) { operation, _ in try await work.run(operation) }
        self.port = port
    }

    func trySubmit(_ operation: HarnessKit.Operation) -> ImmediateSubmission {
        coordinator.tryEnqueue(operation) ? .accepted : .refused
    }
}

private struct FlawedWork: Sendable {
    let flaw: FlawedTarget.Flaw?
    let environment: TargetEnvironment
    let port: SinkPort

    func run(_ operation: HarnessKit.Operation) async throws {
        switch flaw {
        case .leak where operation.index == 0:
            _ = Task(name: "left behind", executorPreference: environment.executor) { [time = environment.time] in
                try? await time.sleep(for: .seconds(3600))
            }
            try await environment.body(operation)
        case .holdsSlot: try await retry(operation, after: .milliseconds(50))
        case .sleepsTooLong: try await retry(operation, after: .milliseconds(500))
        case .overlaps: try await environment.body(operation, at: AttemptPlace(batch: operation.index + 1))
        case .overfills: try await environment.body(operation, at: AttemptPlace(batch: operation.index / 10 + 1))
        case .passesOver:
            port.raise("route.assigned:pri2:\(operation.index)")
            try await environment.body(operation, at: AttemptPlace(part: 2))
        default: try await environment.body(operation)
        }
    }

    private func retry(_ operation: HarnessKit.Operation, after wait: Duration) async throws {
        do {
            try await environment.body(operation)
        } catch is ScriptedError {
            try await environment.time.sleep(for: wait)
            try await environment.body(operation)
        }
    }
}
