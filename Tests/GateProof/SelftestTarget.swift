import Ephemeral
import HarnessKit
import Synchronization

/// A work coordinator whose operations compute for some microseconds, with a defect where one is planted.
enum SelftestTarget: Target {
    struct Options: Codable, Sendable {
        var maxConcurrency: Int?
        /// How many rounds of its loop an operation computes.
        var rounds: Int?
    }

    static let id = "selftest.work"
    static let summary = "A work coordinator that defects can be planted into, to prove that the gate finds them."
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.invariants = [InvariantSpec(use: "conservation")]
        return capabilities
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try SelftestInstance(options, environment)
    }
}

private final class SelftestInstance: TargetInstance {
    private let coordinator: WorkCoordinator<HarnessKit.Operation>

    init(_ options: SelftestTarget.Options, _ environment: TargetEnvironment) throws {
        let defect = try PlantedDefect.chosen()
        var settings = EphemeralOptions(maxConcurrency: options.maxConcurrency ?? 4)
        settings.time = environment.time
        settings.executor = environment.executor
        let body = environment.body
        let observer = environment.observer
        let rounds = options.rounds ?? 0
        // 1.05 of the loop, which is nearly all of what an operation costs.
        let wanted = defect == .slowdown ? rounds + rounds / 20 : rounds
        coordinator = try WorkCoordinator(
            options: settings,
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in
                if defect == .lostItem, operation.index % 1000 == 999 { return }
                if defect == .allocation { Ballast.allocate(operation.index) }
                Ballast.spin(wanted)
                try await body(operation)
            }
        )
    }

    func trySubmit(_ operation: HarnessKit.Operation) -> ImmediateSubmission {
        coordinator.tryEnqueue(operation) ? .accepted : .wouldSuspend
    }

    func submit(_ operation: HarnessKit.Operation) async throws -> Submission {
        try await coordinator.enqueue(operation)
        return .accepted
    }

    func drain() async throws { try await coordinator.drain() }

    func shutdown() async { await coordinator.shutdown() }

    func accounting() -> TargetAccounting { TargetAccounting() }
}

/// Work that nobody needs.
private enum Ballast {
    private static let sink = Atomic<UInt64>(0)

    /// Computes for so many rounds.
    @inline(never)
    static func spin(_ rounds: Int) {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<rounds {
            state ^= state &<< 13
            state ^= state &>> 7
            state ^= state &<< 17
        }
        // An impossible store (xorshift never reaches zero) keeps the loop from being deleted as dead.
        if state == 0 { sink.store(state, ordering: .relaxed) }
    }

    private final class Box: Sendable {
        let value: Int

        init(_ value: Int) { self.value = value }
    }

    /// Allocates an object and frees it again.
    @inline(never)
    static func allocate(_ value: Int) {
        let box = Box(value)
        withExtendedLifetime(box) {
            // An object whose identity is stored cannot be put on the stack, or left out.
            sink.store(UInt64(UInt(bitPattern: ObjectIdentifier(box).hashValue)) & 1, ordering: .relaxed)
        }
    }
}
