import HarnessKit

/// A leaky bucket: it starts one operation per interval, and refuses what its capacity cannot hold.
enum LeakyBucketTarget: Target {
    /// The options of a scenario's target.
    struct Options: Codable, Sendable {
        var interval: DurationText?
        var capacity: Int?

        var pace: Duration { interval?.duration ?? .milliseconds(10) }
        var room: Int { capacity ?? 100 }
    }

    static let id = "example.leaky-bucket"
    static let summary = "A leaky bucket: one start per interval; what does not fit is refused."
    static let optionDescriptions = [
        "interval": "The time between two starts; 10 ms when absent.",
        "capacity": "How many operations may wait; 100 when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.discards = true
        capabilities.invariants = ["conservation", "starts-in-order", "example.spacing"].map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: Options) throws {
        if options.pace <= .zero {
            throw PluginOptionError(option: "interval", message: "is not positive; give a time, as \"10ms\"")
        }
        if options.room < 1 {
            throw PluginOptionError(option: "capacity", message: "is \(options.room); give 1 or more")
        }
    }

    static func make(
        options: Options,
        environment: TargetEnvironment
    ) async throws -> any TargetInstance {
        LeakyBucket(interval: options.pace, capacity: options.room, environment: environment)
    }
}
