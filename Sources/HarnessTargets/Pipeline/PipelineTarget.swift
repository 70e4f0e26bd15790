import HarnessKit

/// Targets one behind the other: what a stage does with an operation is to submit it to the next, and to wait for its end.
///
/// The last stage runs the body of the operation. So a breaker in front of a retry sees one failure for all attempts of an
/// operation, and a retry in front of a breaker tries again what an open breaker turned away.
///
/// A target may be a stage when it is pushed, can run in virtual time and tells when an operation has ended
/// (``TargetCapabilities/ending``). Lanes do not reach the stages: each takes its default lane.
enum PipelineTarget: Target {
    /// The stages, from the outermost.
    struct Options: Codable, Sendable {
        var stages: [Stage]
    }

    /// One stage.
    struct Stage: Codable, Sendable {
        var use: String
        var options: JSONValue?
    }

    static let id = "pipeline"
    static let summary = "Other targets one behind the other, each with the next as its work."
    static let optionDescriptions = [
        "stages": "The targets from the outermost, each with \"use\" and \"options\" as a target of its own has."
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.discards = true
        capabilities.hasSignals = true
        capabilities.ending = .told
        capabilities.controls = [.drain]
        capabilities.invariants = ["conservation", "accounting-identity", "no-task-leak"]
            .map { InvariantSpec(use: $0) }
        return capabilities
    }

    /// The stages decide together how often an operation is tried.
    static func maxAttempts(of options: Options) -> Int? { nil }

    static func validate(_ options: Options) throws {
        guard options.stages.isEmpty else { return }
        throw PluginOptionError(option: "stages", message: "the list is empty; give at least one stage")
    }

    static func parts(of options: Options) -> [TargetPart] {
        options.stages.enumerated().map { index, stage in
            TargetPart(path: "stages/\(index)", use: stage.use, options: stage.options ?? .object([:]))
        }
    }

    static func validate(parts: [any Target.Type]) throws {
        for (index, part) in parts.enumerated() {
            guard let obstacle = part.capabilities.stageObstacle else { continue }
            throw PluginOptionError(
                option: "stages/\(index)/use",
                message: "'\(part.id)' cannot be a stage: \(obstacle)"
            )
        }
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try await PipelineInstance(parts(of: options), environment)
    }
}
