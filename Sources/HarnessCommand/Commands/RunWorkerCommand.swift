internal import ArgumentParser
internal import Foundation
internal import HarnessKit

/// `harness run-worker`: makes the runs of one target in a fresh process for `harness run`, which starts it.
struct RunWorkerCommand: AsyncParsableCommand {
    static let name = "run-worker"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Makes the runs of one target on the real clock for 'harness run', one line of JSON for each.",
        shouldDisplay: false
    )

    @Argument(help: "A scenario file.")
    var file: String

    @OptionGroup var changes: ScenarioSettings

    @Option(help: "The digest that the resolved scenario must have.")
    var digest: String

    @Option(help: "The id of the target.")
    var target: String

    @Option(help: "The number of this process, from 0.")
    var process: Int

    @Option(help: "The run folder that histories are written into.")
    var history: String?

    @Option(name: .customLong("history-events"), help: "The most events of a history.")
    var historyEvents = 0

    func run() async throws {
        let context = CommandContext.require()
        let reading = context.read(file, changes)
        guard let scenario = reading.scenario, reading.digest == digest, let plan = try? Plan(scenario),
            let index = scenario.targets.firstIndex(where: { $0.id == target })
        else {
            context.terminal.error("error: \(file) is not the scenario \(digest) any more; leave it alone during a run")
            throw HarnessExit.usage
        }
        let runner = ScenarioRunner(registry: context.registry)
        if context.executable != nil {
            let interruption = runner.interruption
            // The user's signals reach this process as well; the process that started it decides what they mean.
            InterruptWatcher.ignoreSignals()
            InputWatcher.whenEnded { interruption.fire() }
        }
        await runner.runProcess(of: scenario, plan: plan, target: index, process: process) { run in
            keep(run, context)
        } deliver: { run in
            context.terminal.printLine(run)
        }
    }

    private func keep(_ run: FinishedRun, _ context: CommandContext) {
        guard let history else { return }
        for file in HistoryFiles.files(of: run, limit: historyEvents) {
            let place = URL(fileURLWithPath: history).appending(path: file.name)
            do {
                let folder = place.deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try Data(file.bytes).write(to: place)
            } catch {
                context.terminal.error("error: cannot write \(place.path): \(error.localizedDescription)")
            }
        }
    }
}
