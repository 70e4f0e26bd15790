import Ephemeral
import EphemeralTime
import HarnessKit
import Synchronization

/// The signal sink: an operation raises signals, or asks for them, and then runs its body.
enum SinkTarget: Target {
    static let id = "signals.sink"
    static let summary = "SignalSink: each operation raises, counts, looks up or matches signals, then runs its body."

    /// The options of the sink and of what an operation does with it.
    struct Options: Codable, Sendable {
        var action: Action?
        var callsPerOperation: Int?
        var names: Int?
        var subscribers: Int?
        var standingQueries: [String]?
        var maxCapacity: Int?
        var maxAge: DurationText?
    }

    /// What an operation does.
    enum Action: String, Codable, Sendable, CaseIterable {
        case raise
        case countByPrefix = "count-by-prefix"
        case contains
        case match
    }

    static let optionDescriptions = [
        "action": "What an operation does: raise (default), count-by-prefix, contains or match.",
        "callsPerOperation": "How often it does that; 1 when absent. Throughput counts operations, not calls.",
        "names": "How many signal names are used in rotation; 1 when absent.",
        "subscribers": "How many subscribers are called for each signal; none when absent.",
        "standingQueries": "Patterns that are counted once before the run, so that raising keeps their counters.",
        "maxCapacity": "How many signals the window holds; 1000 when absent.",
        "maxAge": "How long a signal is shown; 60 s when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.invariants = ["conservation", "no-task-leak"].map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: Options) throws {
        for (option, value, least) in [
            ("callsPerOperation", options.callsPerOperation, 1), ("names", options.names, 1),
            ("subscribers", options.subscribers, 0), ("maxCapacity", options.maxCapacity, 1),
        ] {
            guard let value, value < least else { continue }
            throw PluginOptionError(option: option, message: "is \(value); give \(least) or more")
        }
        if let maxAge = options.maxAge, maxAge.duration <= .zero {
            throw PluginOptionError(option: "maxAge", message: "is \(maxAge.text); give a positive time")
        }
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        SinkInstance(options, environment)
    }
}

private final class SinkInstance: TargetInstance {
    private let sink: SignalSink
    private let action: SinkTarget.Action
    private let calls: Int
    private let names: [String]
    private let query: SignalQuery
    private let pattern = SignalPattern("harness.*")
    private let subscriptions: [SignalSubscription]
    private let counts = CallCounts()
    private let body: OperationBody

    init(_ options: SinkTarget.Options, _ environment: TargetEnvironment) {
        let sink = SignalSink(
            maxCapacity: options.maxCapacity ?? 1000,
            maxAge: options.maxAge?.duration ?? .seconds(60),
            time: environment.time
        )
        self.sink = sink
        action = options.action ?? .raise
        calls = options.callsPerOperation ?? 1
        names = (0..<(options.names ?? 1)).map { "harness.\($0)" }
        body = environment.body
        for pattern in options.standingQueries ?? [] { _ = sink.count(.matching(SignalPattern(pattern))) }
        // A quarter of the window lies after the time that is asked for.
        let capacity = options.maxCapacity ?? 1000
        for index in 0..<capacity * 3 / 4 { sink.raise(names[index % names.count]) }
        query = .prefix("harness.").since(environment.time.now)
        for index in 0..<capacity / 4 { sink.raise(names[index % names.count]) }
        let received = Received()
        subscriptions = (0..<(options.subscribers ?? 0)).map { _ in sink.subscribe { _ in received.note() } }
    }

    private final class Received: Sendable {
        private let count = Atomic(0)
        func note() { count.add(1, ordering: .relaxed) }
    }

    func submit(_ operation: Operation) async throws -> Submission {
        await counts.counting {
            act(operation)
            try await body(operation)
        }
        return .accepted
    }

    private func act(_ operation: Operation) {
        var place = operation.index % names.count
        var found = 0
        for _ in 0..<calls {
            switch action {
            case .raise: sink.raise(names[place])
            case .countByPrefix: found &+= sink.count(query)
            case .contains: found &+= sink.contains(names[place]) ? 1 : 0
            case .match: found &+= pattern.matches(names[place]) ? 1 : 0
            }
            place += 1
            if place == names.count { place = 0 }
        }
        if found == .min { preconditionFailure("counts cannot be negative") }
    }

    func drain() async throws {}

    func shutdown() async {
        for subscription in subscriptions { subscription.cancel() }
    }

    func accounting() -> TargetAccounting {
        counts.accounting
    }
}
