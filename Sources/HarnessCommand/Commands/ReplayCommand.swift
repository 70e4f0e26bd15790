internal import ArgumentParser
internal import HarnessKit
internal import HarnessReports

/// `harness replay`: judges recorded histories by the invariants of this build.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Checks the histories of a run folder by today's invariants, without running anything.",
        discussion: """
            Exit codes: 0 no invariant is violated; 1 the folder cannot be read; 4 an invariant is violated; 5 a history \
            cannot be judged.
            """
    )

    @Argument(help: "A run folder, as 'harness run' leaves it.")
    var folder: String

    func run() async throws {
        let context = CommandContext.require()
        let recording: RunRecording
        do {
            recording = try RunRecording(folder: folder, registry: context.registry)
        } catch {
            context.terminal.error("error: \(error)")
            throw HarnessExit.usage
        }
        var codes: [HarnessExit] = []
        for run in recording.runs {
            let replay = recording.replay(run, registry: context.registry)
            context.terminal.write(ReplayReport.console(replay))
            if replay.objection != nil { codes.append(.invalid) }
            if replay.invariants.contains(where: { $0.verdict == .fail }) { codes.append(.invariantViolated) }
        }
        throw HarnessExit.worst(of: codes)
    }
}
