import EphemeralTime
import HarnessKit
import Processing
import Synchronization

extension TargetCapabilities {
    /// Those of a target that keeps its operations in a processing store.
    static func processing(faults: [TargetFault.Scope: Set<TargetFault.Kind>], _ invariants: String...) -> Self {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.faults = faults
        capabilities.requirements = [StoreTargetOptions.requirement]
        capabilities.invariants = invariants.map { InvariantSpec(use: $0) }
        return capabilities
    }
}

extension ProcessingOptions {
    /// The options of a run's manager: its clock, its executor, and chance that comes from its seed.
    init(_ environment: TargetEnvironment) {
        self.init()
        time = environment.time
        executor = environment.executor
        let numbers = SeededNumbers(seed: environment.seed)
        chance = { numbers.next() }
    }
}

/// Numbers from 0 to 1 that come from a seed.
private final class SeededNumbers: Sendable {
    private let generator: Mutex<SplitMix64>

    init(seed: UInt64) {
        generator = Mutex(SplitMix64(seed: seed))
    }

    func next() -> Double { Double(generator.withLock { $0.next(below: 1 << 24) }) / Double(1 << 24 - 1) }
}
