import Ephemeral
import EphemeralTime
import Foundation
import Testing

/// Every kind of coordinator under hundreds of schedules, in virtual time.
///
/// The program is that of the stress tests: producers, callers that give up, pauses, limits, signals, evictions, and a drain
/// or a shutdown. A failure names the seed, which gives the same run again.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct CoordinatorExplorationTests {
    private static var seeds: Range<UInt64> {
        0..<(ProcessInfo.processInfo.environment["EPHEMERAL_EXPLORATION_SEEDS"].flatMap { UInt64($0) } ?? 300)
    }

    /// What went wrong with a seed.
    private struct Finding: Error, CustomStringConvertible {
        let seed: UInt64
        let violations: [String]

        var description: String { "seed \(seed): \(violations.joined(separator: "; "))" }
    }

    private func explore(
        _ kind: StressedCoordinator.Kind,
        _ program: @escaping @Sendable (_ stressed: StressedCoordinator, _ seed: UInt64) async throws -> [String]
    ) async throws {
        for seed in Self.seeds {
            let time = VirtualTime(seed: seed)
            do {
                let violations = try await time.run {
                    try await program(StressedCoordinator(kind, seed: seed, in: time), seed)
                }
                guard violations.isEmpty else { throw Finding(seed: seed, violations: violations) }
            } catch let error as VirtualTimeError {
                throw Finding(seed: seed, violations: ["\(error.code): \(error.message)"])
            }
        }
    }

    @Test(arguments: StressedCoordinator.Kind.allCases)
    func noScheduleLosesOrRepeatsAnItemUntilTheDrain(_ kind: StressedCoordinator.Kind) async throws {
        try await explore(kind) { stressed, seed in
            try await stressed.run(items: 80, seed: seed)
            try await stressed.coordinator.drain()
            let violations = stressed.violationsAfterDrain()
            await stressed.coordinator.shutdown()
            return violations
        }
    }

    @Test(arguments: StressedCoordinator.Kind.allCases)
    func noScheduleLosesOrRepeatsAnItemWhenShutDownInTheMiddle(_ kind: StressedCoordinator.Kind) async throws {
        try await explore(kind) { stressed, seed in
            try await stressed.run(items: 80, seed: seed, shutdownAfter: Int(seed % 80))
            return stressed.violationsAfterShutdown()
        }
    }
}
