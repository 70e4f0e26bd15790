import Ephemeral
import EphemeralPatterns
import HarnessKit

/// The showcase of reactions to signals: each operation runs its body, then a whole showcase, whose counts are its result.
///
/// A showcase of which a count is wrong has no result, so that `result-exactly-once` finds it.
enum ReactionShowcaseTarget: Target {
    /// The options of a showcase.
    struct Options: Codable, Sendable {
        var itemCount: Int?
    }

    static let id = "pattern.reaction-showcase"
    static let summary =
        "SignalReactionShowcase: each operation is one run of it, in which all reactions must count alike."
    static let optionDescriptions = ["itemCount": "How many items a run processes, 4 at a time; 8 when absent."]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.invariants = ["conservation", "accounting-identity", "result-exactly-once", "no-task-leak"]
            .map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([("itemCount", options.itemCount, 1)])
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        ReactionShowcaseInstance(options, environment)
    }
}

private final class ReactionShowcaseInstance: CallingInstance {
    private let itemCount: Int
    private let options: EphemeralOptions
    private let body: OperationBody
    private let observer: TargetObserver
    let counts = CallCounts()

    init(_ options: ReactionShowcaseTarget.Options, _ environment: TargetEnvironment) {
        itemCount = options.itemCount ?? 8
        self.options = CoordinatorTargetOptions(maxConcurrency: 4).options(environment, sink: nil)
        body = environment.body
        observer = environment.observer
    }

    func submit(_ operation: Operation) async throws -> Submission {
        var isRight = false
        let error = await counts.counting {
            try await body(operation)
            let report = try await SignalReactionShowcase.run(itemCount: itemCount, options: options)
            isRight = report.isRight(itemCount: itemCount)
        }
        observer.delivered(operation, result: error == nil && isRight ? operation.index : nil)
        return .accepted
    }
}

extension SignalReactionShowcase.Report {
    /// Whether every way to react has seen every item, and both rules have held.
    fileprivate func isRight(itemCount: Int) -> Bool {
        [dispatchedHits, polledHits, immediateHits, backgroundHits].allSatisfy { $0 == itemCount }
            && startedWhileHeld == 0 && dropped == 1
    }
}
