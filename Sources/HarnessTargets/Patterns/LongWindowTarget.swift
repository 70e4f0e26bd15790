import Ephemeral
import EphemeralPatterns
import HarnessKit

/// A queue that keeps as many finished operations visible as its window says, whatever their age.
enum LongWindowTarget: Target {
    /// The window, and the limit.
    struct Options: Codable, Sendable {
        var windowSize: Int?
        var maxConcurrency: Int?
        var queueCapacity: Int?
    }

    static let id = "pattern.long-window"
    static let summary = "LongWindowDemo: finished operations stay visible up to a number, whatever their age."
    static let optionDescriptions = [
        "windowSize": "How many finished operations stay visible; 1000 when absent.",
        "maxConcurrency": "How many bodies run at a time; the number of CPUs when absent.",
        "queueCapacity": "How many accepted operations may wait before submitting suspends; 4096 when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator(
            "fifo-per-key",
            "starts-in-order",
            "window-filled",
            "no-task-leak"
        )
        // A full window is bounded, too.
        capabilities.invariants.removeAll { $0.use == "window-bound" }
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([
            ("windowSize", options.windowSize, 0),
            ("maxConcurrency", options.maxConcurrency, 1),
            ("queueCapacity", options.queueCapacity, 1),
        ])
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        let queue = CoordinatorTargetOptions(
            maxConcurrency: options.maxConcurrency,
            queueCapacity: options.queueCapacity
        )
        let coordinator = try WorkCoordinator<Operation>(
            options: LongWindowDemo.windowOptions(
                windowSize: options.windowSize ?? 1000,
                in: queue.options(environment, sink: port.sink)
            ),
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        return PatternInstance(coordinator, port: port)
    }
}
