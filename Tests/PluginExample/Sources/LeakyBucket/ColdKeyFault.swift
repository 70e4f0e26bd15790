import HarnessKit

/// A cold cache: a share of the keys is slow, for all their operations, and a few of those fail at the first attempt.
enum ColdKeyFault: Fault {
    /// The options of a scenario's rule.
    struct Options: Codable, Sendable {
        var everyNthKey: Int?
        var delay: DurationText?
        var failsFirstAttempt: Bool?

        var distance: Int { everyNthKey ?? 10 }
    }

    static let id = "example.cold-key"
    static let summary = "every n-th key is cold: its operations take longer, and may fail at first"
    static let optionDescriptions = [
        "everyNthKey": "How many keys there are for a cold one; 10 when absent.",
        "delay": "How much longer an operation of a cold key takes, at most; 50 ms when absent.",
        "failsFirstAttempt": "Whether the first attempt with a cold key fails; false when absent.",
    ]

    static func validate(_ options: Options) throws {
        guard options.distance < 1 else { return }
        throw PluginOptionError(option: "everyNthKey", message: "is \(options.distance); give 1 or more")
    }

    static func errorName(_ options: Options) -> String { "cold-key" }

    static func effect(on hit: FaultHit, options: Options) -> FaultEffect {
        guard hit.operation.key.isMultiple(of: options.distance) else { return .none }
        let most = options.delay?.duration ?? .milliseconds(50)
        // A share of the longest delay, from the bits that the plan gives: the same for every target and every run.
        let delay = most * (Double(hit.word >> 11) * 0x1p-53)
        return FaultEffect(delay: delay, fails: options.failsFirstAttempt == true && hit.attempt == 1)
    }
}
