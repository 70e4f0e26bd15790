/// Something that can go wrong with an attempt, as a plugin.
///
/// A fault rule of a scenario says whom it hits and when (`rate`, `scope`, `during`); the plugin that the rule names in `use`
/// says what then happens. It is asked by the plan, possibly more than once and in any order, so its answer depends on the
/// options and the hit alone: every target then faces the same faults, and every repetition of a run does.
public protocol Fault: Sendable {
    /// The options of a scenario's rule; every property optional or with a default.
    associatedtype Options: Codable & Sendable

    /// The fixed name, with the prefix of its package: `shop.slow-disk`.
    static var id: String { get }
    /// One sentence for `harness list`.
    static var summary: String { get }
    /// One line per option, by its name, for `harness describe` and the schema.
    static var optionDescriptions: [String: String] { get }

    /// Checks options beyond their types; throws ``PluginOptionError`` naming the option and the mend.
    static func validate(_ options: Options) throws

    /// The name of the error that attempts fail with, as invariants and reports show it.
    static func errorName(_ options: Options) -> String

    /// What happens to an attempt that is hit: a pure function.
    static func effect(on hit: FaultHit, options: Options) -> FaultEffect
}

extension Fault {
    /// No descriptions.
    public static var optionDescriptions: [String: String] { [:] }
    /// Accepts all values.
    public static func validate(_ options: Options) throws {}
    /// The plugin's id.
    public static func errorName(_ options: Options) -> String { id }
}

/// An attempt that a fault rule hits.
public struct FaultHit: Sendable, Equatable {
    /// The operation, with its key and lane.
    public var operation: Operation
    /// The attempt, from 1; with the scope `operation` every attempt is hit.
    public var attempt: Int
    /// When the operation was due, from the start of the run.
    public var intendedStart: Duration
    /// Random bits of the plan: always the same for a seed, a rule and an attempt, or an operation where that is the scope.
    public var word: UInt64

    /// Creates a hit.
    public init(operation: Operation, attempt: Int, intendedStart: Duration, word: UInt64) {
        self.operation = operation
        self.attempt = attempt
        self.intendedStart = intendedStart
        self.word = word
    }
}

/// What a fault does to an attempt.
public struct FaultEffect: Sendable, Equatable {
    /// How much longer the body takes; negative times count as none.
    public var delay: Duration
    /// Whether the body throws after its work.
    public var fails: Bool

    /// Nothing happens.
    public static let none = FaultEffect()

    /// Creates an effect.
    public init(delay: Duration = .zero, fails: Bool = false) {
        self.delay = delay
        self.fails = fails
    }
}

/// A fault plugin with the options of one rule.
public struct PluginFault: Sendable, Equatable {
    /// The plugin's id.
    public let use: String
    /// The options of the scenario.
    public let options: JSONValue
    /// The name of the error that attempts fail with.
    public let errorName: String
    private let answer: @Sendable (FaultHit) -> FaultEffect

    /// Gives a plugin its options.
    ///
    /// - Throws: `DecodingError` or ``PluginOptionError`` when the plugin cannot use the options.
    public init<Plugin: Fault>(_ plugin: Plugin.Type, options: JSONValue) throws {
        let decoded = try options.decode(as: Plugin.Options.self)
        try plugin.validate(decoded)
        use = plugin.id
        self.options = options
        errorName = plugin.errorName(decoded)
        answer = { plugin.effect(on: $0, options: decoded) }
    }

    /// What happens to an attempt.
    public func effect(on hit: FaultHit) -> FaultEffect { answer(hit) }

    /// Plugins answer by their options alone.
    public static func == (left: PluginFault, right: PluginFault) -> Bool {
        left.use == right.use && left.options == right.options
    }
}
