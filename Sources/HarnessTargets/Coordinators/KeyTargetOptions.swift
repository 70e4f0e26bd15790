import Ephemeral
import HarnessKit

/// The options of keyed targets beside those of all coordinators.
struct KeyTargetOptions: Codable, Sendable {
    var maxConcurrencyPerKey: Int?
    var enableFairScheduling: Bool?
    var fairSchedulingThreshold: Int?

    static let descriptions = [
        "maxConcurrencyPerKey": "How many bodies of one key run at a time; 1 when absent.",
        "enableFairScheduling": "Whether keys take turns instead of being served by arrival; false when absent.",
        "fairSchedulingThreshold":
            "With fair scheduling, from how many waiting operations of a key on tryEnqueue refuses; 10 when absent.",
    ]

    /// Puts the options into the library's.
    func apply(to options: inout EphemeralOptions) {
        if let maxConcurrencyPerKey { options.keys.maxConcurrencyPerKey = maxConcurrencyPerKey }
        if let enableFairScheduling { options.keys.enableFairScheduling = enableFairScheduling }
        if let fairSchedulingThreshold { options.keys.fairSchedulingThreshold = fairSchedulingThreshold }
    }

    func validate() throws {
        for (option, value) in [
            ("maxConcurrencyPerKey", maxConcurrencyPerKey), ("fairSchedulingThreshold", fairSchedulingThreshold),
        ] {
            guard let value, value < 1 else { continue }
            throw PluginOptionError(option: option, message: "is \(value); give 1 or more")
        }
    }
}

/// Whether a submission waits for room.
struct AdmissionTargetOptions: Codable, Sendable {
    var refuseInsteadOfWaiting: Bool?

    static let descriptions = [
        "refuseInsteadOfWaiting":
            "Whether operations are submitted by tryEnqueue alone, whose false counts as refusal; false when absent."
    ]

    var refuses: Bool { refuseInsteadOfWaiting == true }
}
