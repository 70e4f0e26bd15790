import HarnessKit
import Processing

/// Critical operations of the processing module: each is executed at once, with a backup of it until it is done.
///
/// A submission lasts until the first run has ended, as in a program that answers its user then.
enum CriticalTarget: Target {
    typealias Options = CombinedOptions<StoreTargetOptions, CriticalTargetOptions>

    static let id = "processing.critical"
    static let summary = "ProcessingManager: critical operations with a backup of each until it is done."
    static let optionDescriptions = StoreTargetOptions.descriptions
        .merging(CriticalTargetOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.processing(
            faults: [.store: [.stall, .delay, .cut]],
            "conservation",
            FailedImpliesBackedUp.id,
            "attempts-at-most"
        )
        capabilities.hasSignals = true
        return capabilities
    }

    static func maxAttempts(of options: Options) -> Int? { options.second.maxAttempts ?? 1 }

    static func virtualObstacle(of options: Options) -> String? { options.first.virtualObstacle }

    static func obstacle(to requirement: String, options: Options) async -> String? {
        await options.first.obstacle(to: requirement)
    }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try options.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let store = try await RunStore.open(options.first, isShared: false, time: environment.time)
        var journal: RunStore?
        do {
            if options.second.journal == true {
                // The journal is on this machine; in virtual time it is in memory as all else is.
                var journalOptions = StoreTargetOptions()
                journalOptions.store = options.first.kind == .memory ? .memory : .sqlite
                journal = try await RunStore.open(journalOptions, isShared: false, time: environment.time)
            }
            return try CriticalInstance(options.second, store, journal, environment)
        } catch {
            await store.shutdown()
            await journal?.shutdown()
            throw error
        }
    }
}
