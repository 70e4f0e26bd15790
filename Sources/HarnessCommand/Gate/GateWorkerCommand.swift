internal import ArgumentParser
internal import Foundation
internal import HarnessKit

/// `harness gate-worker`: runs what `harness gate` asks for, one line of JSON for each run.
struct GateWorkerCommand: AsyncParsableCommand {
    static let name = "gate-worker"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Runs targets for 'harness gate', which starts it, until its input ends.",
        shouldDisplay: false
    )

    @Argument(help: "Scenario files.")
    var files: [String]

    @OptionGroup var changes: ScenarioSettings

    /// A target with all it takes to run it.
    private struct Subject {
        var scenario: Scenario
        var plan: Plan
        var target: Int
    }

    func run() async throws {
        let context = CommandContext.require()
        // The user's signals reach this process as well; the process that started it decides what they mean.
        if context.executable != nil { InterruptWatcher.ignoreSignals() }
        var runner = ScenarioRunner(registry: context.registry)
        var subjects: [Subject] = []
        var descriptions: [GateSubject] = []
        var problems: [String] = []
        for (file, reading) in files.flatMap({ file in context.readAll(file, changes).map { (file, $0) } }) {
            guard let scenario = reading.scenario else {
                problems += [reading.problems.first.map { "\($0)" } ?? file]
                continue
            }
            do {
                let plan = try Plan(scenario)
                descriptions += await runner.gateSubjects(of: scenario, plan: plan)
                subjects += scenario.targets.indices.map { Subject(scenario: scenario, plan: plan, target: $0) }
            } catch {
                problems.append("\(file): \(error)")
            }
        }
        let environment = MachineReading().environment(command: "")
        context.terminal.printLine(
            GateHello(environment: environment, subjects: descriptions, problems: problems)
        )
        while let line = readLine() {
            guard let request = try? JSONLine.decode(GateRequest.self, from: Data(line.utf8)),
                subjects.indices.contains(request.subject)
            else {
                context.terminal.error("error: '\(line)' asks for nothing that is here")
                throw HarnessExit.usage
            }
            let subject = subjects[request.subject]
            runner.observer = request.tellsTrials == true ? TrialTeller(context.terminal) : SilentObserver()
            let run = await runner.singleRun(
                of: subject.scenario,
                plan: subject.plan,
                target: subject.target,
                clock: request.clock
            )
            context.terminal.printLine(ExactRecord(run))
        }
    }
}

/// Prints a line after each trial of a search, so that whoever waits for its end knows that it goes on.
private struct TrialTeller: RunObserver {
    private let terminal: Terminal

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    func trialEnded(_ trial: CapacitySearch.Trial, target: String, of count: Int) {
        terminal.printLine(GateTrial(trial: trial.number))
    }
}
