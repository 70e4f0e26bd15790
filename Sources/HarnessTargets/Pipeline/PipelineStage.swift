import HarnessKit

/// One stage of a pipeline with those who wait for the ends of its operations.
struct PipelineStage: Sendable {
    let use: String
    let instance: any TargetInstance
    let ends: StageEnds

    /// Brings an operation to the stage and waits for its end.
    ///
    /// **Cancellation**: does not end the wait: whoever cancels the pipeline cancels all its stages.
    ///
    /// - Throws: What the operation ended with, or ``PipelineError`` when the stage did not take it.
    func perform(_ operation: Operation, at place: AttemptPlace) async throws {
        ends.expect(operation, part: place.part)
        do {
            try await submit(operation)
        } catch {
            ends.forget(operation)
            throw error
        }
        try await ends.wait(for: operation)
    }

    private func submit(_ operation: Operation) async throws {
        switch instance.trySubmit(operation) {
        case .accepted: return
        case .refused: break
        case .wouldSuspend: if try await instance.submit(operation) == .accepted { return }
        }
        throw PipelineError.refused(by: use)
    }
}

/// An operation got no further than a stage.
struct PipelineError: Error, Sendable, Hashable, CustomStringConvertible {
    var message: String

    /// The stage took nothing.
    static func refused(by use: String) -> PipelineError { PipelineError(message: "the stage '\(use)' refused it") }
    /// The stage took it and dropped it.
    static func dropped(by use: String) -> PipelineError { PipelineError(message: "the stage '\(use)' dropped it") }

    var description: String { message }
}
