import HarnessKit

/// A target with options of many types, which never runs.
enum FakeQueue: Target {
    struct Options: Codable, Sendable {
        var maxConcurrency: Int
        var order: Order?
        var timeout: DurationText?
        var deferOn: SignalPatterns?
        var backoff: Backoff?

        enum CodingKeys: CodingKey {
            case maxConcurrency, order, timeout, deferOn, backoff
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            maxConcurrency = try container.decodeIfPresent(Int.self, forKey: .maxConcurrency) ?? 8
            order = try container.decodeIfPresent(Order.self, forKey: .order)
            timeout = try container.decodeIfPresent(DurationText.self, forKey: .timeout)
            deferOn = try container.decodeIfPresent(SignalPatterns.self, forKey: .deferOn)
            backoff = try container.decodeIfPresent(Backoff.self, forKey: .backoff)
        }
    }

    enum Order: String, Codable, CaseIterable, Sendable {
        case fifo, lifo
    }

    struct Backoff: Codable, Sendable {
        var base: DurationText
        var factor: Double?
    }

    static let id = "fake.queue"
    static let summary = "A queue for tests."
    static let optionDescriptions = ["maxConcurrency": "how many run at once"]
    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.hasSignals = true
        capabilities.controls = [.pause]
        return capabilities
    }

    static func validate(_ options: Options) throws {
        if options.maxConcurrency < 1 {
            throw PluginOptionError(
                option: "maxConcurrency",
                message: "\(options.maxConcurrency) is too small; write 1 or more"
            )
        }
        if let factor = options.backoff?.factor, factor < 1 {
            throw PluginOptionError(option: "backoff/factor", message: "\(factor) shrinks; write 1 or more")
        }
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        FakeInstance()
    }
}

/// A target without options and abilities.
enum FakePeer: Target {
    struct Options: Codable, Sendable {}

    static let id = "peer.fake"
    static let summary = "A peer for tests."
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        FakeInstance()
    }
}

/// An invariant with an option that must be given.
enum FakeBound: Invariant {
    struct Options: Codable, Sendable {
        var most: Int
    }

    static let id = "fake.bound"
    static let summary = "A bound for tests."

    static func validate(_ options: Options) throws {
        if options.most < 0 { throw PluginOptionError(option: "most", message: "write 0 or more") }
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding { .pass("") }
}

/// A fault that delays one lane of keys and may fail.
enum FakeFault: Fault {
    struct Options: Codable, Sendable {
        var key: Int
        var delay: DurationText?
        var fails: Bool?
    }

    static let id = "fake.fault"
    static let summary = "A fault for tests."
    static let optionDescriptions = ["key": "the key that it concerns"]

    static func validate(_ options: Options) throws {
        if options.key < 0 { throw PluginOptionError(option: "key", message: "write 0 or more") }
    }

    static func errorName(_ options: Options) -> String { "key-\(options.key)" }

    static func effect(on hit: FaultHit, options: Options) -> FaultEffect {
        guard hit.operation.key == options.key else { return .none }
        return FaultEffect(delay: options.delay?.duration ?? .zero, fails: options.fails ?? false)
    }
}

private struct FakeInstance: TargetInstance {
    func drain() async throws {}
    func shutdown() async {}
    func accounting() -> TargetAccounting { TargetAccounting() }
}

enum Fixture {
    static func registry() throws -> PluginRegistry {
        try PluginRegistry(
            targets: [FakeQueue.self, FakePeer.self],
            invariants: [FakeBound.self],
            faults: [FakeFault.self]
        )
    }

    /// The smallest scenario, with further members of the top level.
    static func scenario(
        _ further: String = "",
        load: String = openLoad,
        targets: String = #"[{ "id": "q", "use": "fake.queue" }, { "id": "p", "use": "peer.fake" }]"#
    ) -> String {
        """
        {
          "$schema": "../schema/scenario-1.json", "format": 1, "name": "small", "seed": 5,
          "targets": \(targets),
          "load": \(load)\(further.isEmpty ? "" : ",\n  " + further)
        }
        """
    }

    static let openLoad = #"""
        { "model": "open", "phases": [
            { "name": "main", "for": "4s", "rate": "100/s" },
            { "name": "drain", "until": "empty", "limit": "2s", "measure": false }
          ] }
        """#

    static let closedLoad = #"""
        { "model": "closed", "producers": 2, "phases": [
            { "name": "main", "for": "4s" }, { "name": "count", "operations": 100, "limit": "2s" }
          ] }
        """#

    static func read(
        _ text: String,
        settings: [String] = [],
        seed: UInt64? = nil,
        environment: [String: String] = [:]
    ) throws -> ScenarioReading {
        ScenarioFile.read(
            text: text,
            path: "s.json",
            registry: try registry(),
            settings: settings,
            seed: seed,
            environment: environment
        )
    }

    /// The messages of a text's problems, each as `/pointer: message`.
    static func problems(_ text: String, settings: [String] = [], environment: [String: String] = [:]) throws
        -> [String]
    {
        try read(text, settings: settings, environment: environment).problems.map { "\($0.pointer): \($0.message)" }
    }
}
