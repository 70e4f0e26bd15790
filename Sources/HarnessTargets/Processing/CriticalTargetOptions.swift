import HarnessKit
import Processing

/// The options of the target that executes critical operations.
struct CriticalTargetOptions: Codable, Sendable {
    var backup: Backup?
    var journal: Bool?
    var maxAttempts: Int?
    var retryAfter: DurationText?
    var emergencyLease: DurationText?
    var timeout: DurationText?
    var userErrors: [String]?

    /// When the backup is written.
    enum Backup: String, Codable, Sendable, CaseIterable {
        case writeAhead
        case onFailure
    }

    static let descriptions = [
        "backup": "When the backup of an operation is written; writeAhead when absent.",
        "journal": "Whether a second store, on this machine, takes backups that the first does not; false when absent.",
        "maxAttempts": "How often an operation is run in all, as an operator would try it again; 1 when absent.",
        "retryAfter": "How long after a failure it is tried again; 100 ms when absent.",
        "emergencyLease": "How long a run counts as under way without a sign of life; 30 s when absent.",
        "timeout": "How long an operation may take before it is cancelled; as long as it likes when absent.",
        "userErrors": "Names of scripted errors that are the user's to mend, after which there is no backup.",
    ]

    func validate() throws {
        if let maxAttempts, maxAttempts < 1 {
            throw PluginOptionError(option: "maxAttempts", message: "is \(maxAttempts); give 1 or more")
        }
        for (option, value) in [
            ("retryAfter", retryAfter), ("emergencyLease", emergencyLease), ("timeout", timeout),
        ] {
            guard let value, value.duration <= .zero else { continue }
            throw PluginOptionError(option: option, message: "is \(value.text); give a positive time")
        }
    }

    func options(_ environment: TargetEnvironment) -> ProcessingOptions {
        var options = ProcessingOptions(environment)
        options.backup = backup == .onFailure ? .onFailure : .writeAhead
        if let emergencyLease { options.emergencyLease = emergencyLease.duration }
        return options
    }
}
