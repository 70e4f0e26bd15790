import Ephemeral
import HarnessKit

/// What patterns leave to the coordinator in them: the library's own options, all optional, with the library's defaults.
struct QueueTargetOptions: Codable, Sendable {
    var queueCapacity: Int?
    var unboundedQueue: Bool?
    var maxTrackedOperations: Int?
    var maxOperationLifetime: DurationText?
    var cancelOnSignals: SignalPatterns?

    static let descriptions = CoordinatorTargetOptions.descriptions.filter { name, _ in
        [
            "queueCapacity", "unboundedQueue", "maxTrackedOperations", "maxOperationLifetime", "cancelOnSignals",
        ].contains(name)
    }

    /// The library's options, with the clock and the executor of the run.
    func options(_ environment: TargetEnvironment, sink: SignalSink?) -> EphemeralOptions {
        coordinator.options(environment, sink: sink)
    }

    func validate() throws { try coordinator.validate() }

    private var coordinator: CoordinatorTargetOptions {
        CoordinatorTargetOptions(
            queueCapacity: queueCapacity,
            unboundedQueue: unboundedQueue,
            maxTrackedOperations: maxTrackedOperations,
            maxOperationLifetime: maxOperationLifetime,
            cancelOnSignals: cancelOnSignals
        )
    }
}

/// Checks that options of several patterns share.
enum PatternOptions {
    /// Refuses numbers below their least value.
    static func require(_ values: (option: String, value: Int?, least: Int)...) throws {
        for (option, value, least) in values {
            guard let value, value < least else { continue }
            throw PluginOptionError(option: option, message: "is \(value); give \(least) or more")
        }
    }

    /// Refuses times that are not positive.
    static func requirePositive(_ values: (option: String, value: DurationText?)...) throws {
        for (option, value) in values {
            guard let value, value.duration <= .zero else { continue }
            throw PluginOptionError(option: option, message: "is \(value.text); give a positive time")
        }
    }

    /// Refuses patterns that are none.
    static func requireNames(_ values: (option: String, value: SignalPatterns?)...) throws {
        for (option, value) in values {
            guard let value else { continue }
            guard value.patterns.isEmpty || value.patterns.contains(where: \.isBlank) else { continue }
            throw PluginOptionError(option: option, message: "is blank; give a name or a pattern")
        }
    }
}

extension String {
    /// Whether there is nothing to read in it.
    var isBlank: Bool { !contains { !$0.isWhitespace } }
}

extension SignalPatterns {
    /// The library's patterns.
    var set: SignalPatternSet { SignalPatternSet(patterns) }
}
