import Ephemeral
import EphemeralPatterns
import HarnessKit

/// Work for many keys at once with an urgent lane beside the normal one.
enum KeyedPriorityFanOutTarget: Target {
    typealias Options = CombinedOptions<FanOutOptions, QueueTargetOptions>

    /// The limits, and the rules of the urgent lane.
    struct FanOutOptions: Codable, Sendable {
        var maxConcurrency: Int?
        var perKeyConcurrency: Int?
        var maxPriorityDepth: Int?
        var cancelPriorityOn: SignalPatterns?
        var deferPriorityOn: SignalPatterns?

        static let descriptions = [
            "maxConcurrency": "How many bodies run at a time; 8 when absent.",
            "perKeyConcurrency": "How many bodies of one key run at a time; 1 when absent, and less counts as 1.",
            "maxPriorityDepth": "How many urgent operations may wait; any number when absent.",
            "cancelPriorityOn":
                "While a matching signal is live, urgent operations are refused and waiting ones dropped.",
            "deferPriorityOn": "While a matching signal is live, no urgent operation starts.",
        ]
    }

    /// The urgent lane, as scenarios name it.
    private static let priority = "priority"

    static let id = "pattern.keyed-priority-fan-out"
    static let summary = "KeyedPriorityFanOut: work for many keys, with an urgent lane that overtakes the normal one."
    static let optionDescriptions = QueueTargetOptions.descriptions.merging(FanOutOptions.descriptions) { own, _ in own
    }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("concurrency-bound-per-key", "fifo-per-lane", "no-task-leak")
        capabilities.invariants.append(
            InvariantSpec(use: "lane-priority", options: ["lanes": ["priority", "normal"]])
        )
        capabilities.isKeyed = true
        capabilities.refuses = true
        return capabilities
    }

    static func lanes(of options: Options) -> [String]? { [priority, "normal"] }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([("maxConcurrency", options.first.maxConcurrency, 1)])
        try options.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        let lanes = LaneNames(environment)
        let fanOut = try KeyedPriorityFanOut(
            maxConcurrency: options.first.maxConcurrency ?? 8,
            perKeyConcurrency: options.first.perKeyConcurrency ?? 1,
            sink: port.sink,
            maxPriorityDepth: options.first.maxPriorityDepth,
            cancelPriorityOn: options.first.cancelPriorityOn?.set ?? [],
            deferPriorityOn: options.first.deferPriorityOn?.set ?? [],
            options: options.second.options(environment, sink: port.sink),
            key: { (operation: Operation) in operation.key },
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        return PatternInstance(fanOut, port: port) { operation in
            let isUrgent = lanes[operation] == priority
            let isAccepted = isUrgent ? fanOut.tryEnqueuePriority(operation) : fanOut.tryEnqueue(operation)
            return isAccepted ? .accepted : .wouldSuspend
        } enqueue: { operation in
            guard lanes[operation] == priority else {
                try await fanOut.enqueue(operation)
                return .accepted
            }
            return try await fanOut.enqueuePriority(operation) ? .accepted : .refused
        }
    }
}
