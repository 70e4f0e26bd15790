import HarnessKit
import Processing

/// The queue of the processing module: each operation is a job that a worker runs.
enum QueueTarget: Target {
    typealias Options = CombinedOptions<StoreTargetOptions, JobQueueOptions>

    static let id = "processing.queue"
    static let summary =
        "ProcessingManager and ProcessingWorker: jobs in a store, with retries, leases and dead letters."
    static let optionDescriptions = StoreTargetOptions.descriptions
        .merging(JobQueueOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        .processing(
            faults: [.worker: [.kill], .store: [.stall, .delay, .cut]],
            AcknowledgedImpliesExecuted.id,
            AtLeastOnce.id,
            "attempts-at-most",
            "concurrency-bound",
            "lane-priority"
        )
    }

    static func lanes(of options: Options) -> [String]? { JobPriority.allCases.map(\.rawValue) }

    static func concurrency(of options: Options) -> Int? {
        options.second.places * (options.second.localWorkers + options.second.processes)
    }

    static func maxAttempts(of options: Options) -> Int? {
        options.second.maxAttempts ?? ProcessingOptions().maxAttempts
    }

    static func virtualObstacle(of options: Options) -> String? {
        options.second.processes > 0 ? "its workers are processes" : options.first.virtualObstacle
    }

    static func obstacle(to requirement: String, options: Options) async -> String? {
        await options.first.obstacle(to: requirement)
    }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try options.second.validate(options.first)
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let settings = options.second
        let store = try await RunStore.open(
            options.first,
            isShared: settings.processes > 0,
            time: environment.time
        )
        let instance: QueueInstance
        do {
            instance = try await QueueInstance(settings, store, environment)
        } catch {
            await store.shutdown()
            throw error
        }
        do {
            if settings.startAfterLoad != true { try instance.start() }
            return instance
        } catch {
            await instance.shutdown()
            throw error
        }
    }
}
