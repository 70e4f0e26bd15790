public import EphemeralTime

/// A system under test, as a plugin: how it is made and what it can do.
///
/// A scenario names the plugin by ``id`` and gives ``Options``. Each run makes a fresh instance. The harness owns the
/// body: a target hands every operation to ``TargetEnvironment/body`` and never fakes work itself.
public protocol Target: Sendable {
    /// The options of a scenario's target; every property optional or with a default, named as the library names them.
    associatedtype Options: Codable & Sendable

    /// The fixed name, as `coordinator.work`.
    static var id: String { get }
    /// One sentence for `harness list`.
    static var summary: String { get }
    /// What the target can do and promises.
    static var capabilities: TargetCapabilities { get }
    /// One line per option, by its name, for `harness describe` and the schema.
    static var optionDescriptions: [String: String] { get }

    /// The names of the lanes that a scenario may send operations to, from the highest; `nil` without lanes.
    static func lanes(of options: Options) -> [String]?

    /// How many attempts may run at once with these options; `nil` where the option `maxConcurrency` tells, or nothing does.
    static func concurrency(of options: Options) -> Int?

    /// Why it cannot run in virtual time with these options; `nil` when it can.
    static func virtualObstacle(of options: Options) -> String?

    /// Looks for something outside of the process that a scenario says a target requires.
    ///
    /// - Parameters:
    ///   - requirement: One of ``TargetCapabilities/requirements``.
    ///   - options: The scenario's options.
    /// - Returns: Why it is not to be had; `nil` when it is.
    static func obstacle(to requirement: String, options: Options) async -> String?

    /// Checks options beyond their types; throws ``PluginOptionError`` naming the option and the mend.
    static func validate(_ options: Options) throws

    /// The other targets that a target is made of; their options are checked as its own are.
    static func parts(of options: Options) -> [TargetPart]

    /// How many attempts an operation gets at most; `nil` when the options do not say how often it is tried, or when other
    /// operations decide about its end too.
    static func maxAttempts(of options: Options) -> Int?

    /// Checks that the targets it is made of fit together; called when they exist and their own options are right.
    static func validate(parts: [any Target.Type]) throws

    /// Makes a fresh instance for one run.
    ///
    /// - Parameters:
    ///   - options: The scenario's options.
    ///   - environment: The body and the clock.
    /// - Returns: The instance.
    /// - Throws: Whatever keeps the target from being made; the run is then invalid.
    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance
}

extension Target {
    /// No descriptions.
    public static var optionDescriptions: [String: String] { [:] }
    /// No lanes.
    public static func lanes(of options: Options) -> [String]? { nil }
    /// Unknown.
    public static func concurrency(of options: Options) -> Int? { nil }
    /// What the capabilities say, whatever the options are.
    public static func virtualObstacle(of options: Options) -> String? { capabilities.virtualObstacle }
    /// Nothing is required.
    public static func obstacle(to requirement: String, options: Options) async -> String? { nil }
    /// Accepts all values.
    public static func validate(_ options: Options) throws {}
    /// One.
    public static func maxAttempts(of options: Options) -> Int? { 1 }
    /// None.
    public static func parts(of options: Options) -> [TargetPart] { [] }
    /// Accepts all.
    public static func validate(parts: [any Target.Type]) throws {}
}

extension Target {
    /// Why a target of a scenario cannot run in virtual time; wrong options are told elsewhere.
    static func virtualObstacle(ofPlain options: JSONValue) -> String? {
        guard let options = try? options.decode(as: Options.self) else { return capabilities.virtualObstacle }
        return virtualObstacle(of: options)
    }

    /// The first requirement of a target that is not to be had, and why.
    static func missing(_ requirements: [String], ofPlain options: JSONValue) async -> String? {
        guard let options = try? options.decode(as: Options.self) else { return nil }
        for requirement in requirements {
            if let reason = await obstacle(to: requirement, options: options) {
                return "it requires \(requirement): \(reason)"
            }
        }
        return nil
    }

    /// Tells invariants what the options of a target mean.
    static func explainOptions(in evidence: inout Evidence) {
        guard let options = try? evidence.targetOptions.decode(as: Options.self) else { return }
        evidence.laneNames = lanes(of: options)
        evidence.concurrency = concurrency(of: options)
    }
}

/// A problem with the value of one option.
public struct PluginOptionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The option's name, or a path below it as `backoff/base`.
    public var option: String
    /// What is wrong and how to mend it.
    public var message: String

    /// Creates a problem with an option.
    public init(option: String, message: String) {
        self.option = option
        self.message = message
    }

    /// The text shown to people.
    public var description: String { "option '\(option)': \(message)" }
}

/// What a run gives a target to work with.
public struct TargetEnvironment: Sendable {
    /// What an operation does: the target calls it once per attempt and treats what it throws as the operation's error.
    public var body: OperationBody
    /// The clock of the run.
    public var time: any TimeSource
    /// The executor of the run's tasks; `nil` is the global pool.
    public var executor: (any TaskExecutor)?
    /// How a target tells what the body cannot see.
    public var observer: TargetObserver
    /// The names of the lanes that ``Operation/lane`` counts; empty when the scenario names none, and the target takes its
    /// default lane.
    public var lanes: [String] = []
    /// The seed of the run, for a target that draws numbers.
    public var seed: UInt64 = 0
    /// Where a target that is made of others finds them.
    public var registry: PluginRegistry?

    /// Creates an environment.
    public init(body: OperationBody, time: any TimeSource, executor: (any TaskExecutor)?, observer: TargetObserver) {
        self.body = body
        self.time = time
        self.executor = executor
        self.observer = observer
    }
}

/// A running system under test.
public protocol TargetInstance: Sendable {
    /// Offers an operation without suspending.
    ///
    /// - Returns: `.wouldSuspend` when only ``submit(_:)`` can tell.
    func trySubmit(_ operation: Operation) -> ImmediateSubmission

    /// Offers an operation and returns once the target has taken or refused it.
    ///
    /// **Cancellation**: throws `CancellationError`, and the operation counts as refused.
    func submit(_ operation: Operation) async throws -> Submission

    /// Runs all operations of a source; for targets whose intake is `.pull`.
    func run(_ source: OperationSource) async throws

    /// Closes the intake and waits until nothing is queued or running.
    func drain() async throws

    /// Cancels what is left and returns when all work of the instance has ended; called once, last, in every run.
    func shutdown() async

    /// The target's own counts, in one consistent reading.
    func accounting() -> TargetAccounting

    /// Where timeline signals are raised and all signals are seen.
    var signals: (any SignalPort)? { get }

    /// Carries out a control that the capabilities name.
    func apply(_ control: ControlAction) throws
}

extension TargetInstance {
    /// Answers that only ``submit(_:)`` can tell.
    public func trySubmit(_ operation: Operation) -> ImmediateSubmission { .wouldSuspend }
    /// Gives the answer of ``trySubmit(_:)``; a target that has to suspend implements this.
    public func submit(_ operation: Operation) async throws -> Submission {
        switch trySubmit(operation) {
        case .accepted: .accepted
        case .refused: .refused
        case .wouldSuspend:
            throw TargetContractError(message: "the target takes pushed operations but has no submit(_:)")
        }
    }

    /// Throws; a target with pull intake implements this.
    public func run(_ source: OperationSource) async throws {
        throw TargetContractError(message: "the target says that it pulls operations but has no run(_:)")
    }

    /// None.
    public var signals: (any SignalPort)? { nil }
    /// Does nothing.
    public func apply(_ control: ControlAction) throws {}
}

/// A target plugin does not do what its capabilities say.
public struct TargetContractError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is missing.
    public var message: String

    /// Creates the error.
    public init(message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

/// A control with its value.
public enum ControlAction: Sendable, Equatable {
    case cancel
    case pause
    case resume
    case setMaxConcurrency(Int)
}

/// What became of a submission that did not suspend.
public enum ImmediateSubmission: Sendable, Equatable {
    case accepted
    case refused
    case wouldSuspend
}

/// What became of a submission.
public enum Submission: Sendable, Equatable {
    case accepted
    case refused
}

/// A target's own counts; a target that does not know a number leaves it `nil`.
public struct TargetAccounting: Sendable, Equatable {
    /// Operations taken so far.
    public var enqueued: Int?
    /// Operations that wait.
    public var pending: Int?
    /// Operations whose body runs.
    public var active: Int?
    /// Operations that ended normally.
    public var completed: Int?
    /// Operations that ended with an error.
    public var failed: Int?
    /// Operations that were cancelled or dropped.
    public var cancelled: Int?

    /// Creates counts of which nothing is known.
    public init() {}
}

/// Where a run raises signals and sees those of the target.
public protocol SignalPort: Sendable {
    /// Raises a signal.
    func raise(_ name: String)
    /// Retracts all live signals that match a name or glob, and returns how many.
    @discardableResult func retract(_ pattern: String) -> Int
    /// Calls `handler` for every signal that is raised or retracted from now on.
    func observe(_ handler: @escaping @Sendable (SignalObservation) -> Void)
}

/// A signal seen by a run.
public struct SignalObservation: Sendable, Equatable {
    /// The signal's name.
    public var name: String
    /// Whether it was retracted rather than raised.
    public var isRetraction: Bool

    /// Creates an observation.
    public init(name: String, isRetraction: Bool) {
        self.name = name
        self.isRetraction = isRetraction
    }
}
