internal import EphemeralTime
internal import Foundation
internal import HarnessKit
internal import HarnessReports

/// The scenarios of one `harness run`, checked and planned before the first of them is run.
struct RunSuite {
    private let context: CommandContext
    private let out: String
    private let changes: ScenarioSettings
    private let items: [Item]

    /// One scenario, ready to run.
    private struct Item {
        var reading: ScenarioReading
        var scenario: Scenario
        var plan: Plan
        var formats: [any ReportRenderer.Type]
        /// What the result is held against; `nil` when the user did not ask for it.
        var baseline: Baseline?
    }

    /// Reads, checks and plans all scenarios, and makes sure that their results can be stored and have their baselines.
    ///
    /// - Throws: ``HarnessExit/usage`` after the reasons have been printed.
    init(
        context: CommandContext,
        selection: ScenarioSelection,
        choices: RunChoices,
        out: String,
        formats: [any ReportRenderer.Type]?,
        baselines: BaselineStore? = nil
    ) throws {
        self.context = context
        self.out = out
        changes = selection.changes
        var items: [Item] = []
        var isUsable = true
        let environment = baselines.map { _ in MachineReading().environment(command: "") }
        for (reading, scenario) in try context.readScenarios(selection, clock: choices.clock) {
            let scenario = choices.applied(to: scenario)
            do {
                let plan = try Plan(scenario)
                try RunFolder.check(out: out, scenario: scenario.name)
                let own = scenario.report.formats.compactMap(ReportFormats.format)
                var item = Item(reading: reading, scenario: scenario, plan: plan, formats: formats ?? own)
                if let baselines, let environment {
                    item.baseline = try baselines.baseline(for: scenario, plan: plan, environment: environment)
                }
                items.append(item)
            } catch {
                context.terminal.error("\(reading.path): error: \(error)")
                isUsable = false
            }
        }
        guard isUsable else { throw HarnessExit.usage }
        self.items = items
    }

    /// Runs the scenarios one after another; an interruption skips those that have not begun.
    ///
    /// - Parameters:
    ///   - observer: Who hears of progress.
    ///   - interruption: How the user stops.
    /// - Returns: The results with their folders, relative to the folder of all runs.
    /// - Throws: ``HarnessExit/usage`` after it has been printed why something could not be written.
    func run(observer: any RunObserver, interruption: Interruption) async throws -> [SuiteSummary.Entry] {
        observer.suiteStarted(scenarios: items.count)
        var runner = ScenarioRunner(registry: context.registry)
        runner.observer = observer
        runner.interruption = interruption
        var entries: [SuiteSummary.Entry] = []
        for item in items where !interruption.isFired {
            entries.append(try await run(item, runner: runner))
        }
        observer.suiteFinished(entries.map(\.result))
        try finish(entries)
        return entries
    }

    private func run(_ item: Item, runner: ScenarioRunner) async throws -> SuiteSummary.Entry {
        let digest = item.reading.digest ?? item.plan.digest
        let archive: RunArchive
        do {
            archive = try RunArchive(out: out, scenario: item.scenario.name, digest: digest)
        } catch {
            context.terminal.error("error: \(error)")
            throw HarnessExit.usage
        }
        let source = ScenarioSource(
            file: item.reading.path,
            digest: digest,
            command: CommandLine.arguments.joined(separator: " "),
            resolved: item.reading.resolved?.plain
        )
        var runner = runner
        runner.swarm = context.executable.map { executable in
            ProcessSwarm(
                executable: executable,
                file: item.reading.path,
                settings: changes.settings,
                seed: changes.seed,
                cell: item.reading.cell,
                digest: digest,
                processes: nil
            )
        }
        if item.scenario.runs.processes != nil, let executable = context.executable {
            runner.isolation = ProcessIsolation(
                executable: executable,
                file: item.reading.path,
                settings: changes.settings,
                seed: changes.seed,
                cell: item.reading.cell,
                digest: digest,
                history: archive.workingPath,
                historyEvents: HistoryLines.eventsPerFolder / max(1, item.scenario.realRuns),
                limit: item.plan.processLimit(item.scenario)
            )
        }
        var result = await runner.result(of: item.scenario, plan: item.plan, source: source) { run in
            archive.keep(run)
        } deliver: { run in
            archive.add(run)
        }
        var problems: [String] = []
        do throws(BaselineError) {
            let rows = try item.baseline?.rows(for: result, rules: item.scenario.regressionRules)
            if let rows { result.hold(against: rows) }
        } catch {
            // What was measured is kept all the same.
            problems.append("\(error)")
        }
        let resolved = item.reading.resolved?.plain.prettyText
        let unwritten = archive.finish(result, resolvedScenario: resolved, formats: item.formats)
        problems += unwritten
        for problem in problems { context.terminal.error("error: \(problem)") }
        if item.formats.contains(where: { $0.id == ConsoleReport.id }) {
            context.terminal.write(ConsoleReport.render(result, colour: StandardStream.output.showsColour))
        }
        if unwritten.isEmpty { context.terminal.print("Run folder: \(archive.path)\n") }
        guard problems.isEmpty else { throw HarnessExit.usage }
        return SuiteSummary.Entry(result: result, folder: archive.relativePath)
    }

    /// The combinations of each matrix side by side, as far as they were run.
    private func matrixComparisons(_ entries: [SuiteSummary.Entry]) -> [MatrixComparison] {
        let runs = zip(items, entries).filter { $0.0.reading.cells > 1 }
        var paths: [String] = []
        for (item, _) in runs where !paths.contains(item.reading.path) { paths.append(item.reading.path) }
        // Files of one name in several folders would write over each other's comparison.
        let names = paths.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }.toldApart
        return zip(paths, names).compactMap { path, name in
            let own = runs.filter { $0.0.reading.path == path }
            guard own.count > 1 else { return nil }
            return MatrixComparison(
                name: name,
                results: own.map { item, entry in
                    ComparedResult(
                        label: item.scenario.name,
                        result: entry.result,
                        scenario: item.reading.resolved?.plain
                    )
                },
                scenario: own[0].0.scenario
            )
        }
    }

    /// Prints and writes the overview of several scenarios.
    private func finish(_ entries: [SuiteSummary.Entry]) throws {
        guard items.count > 1, !entries.isEmpty else { return }
        context.terminal.write(SuiteSummary.console(entries, colour: StandardStream.output.showsColour))
        let comparisons = matrixComparisons(entries)
        for comparison in comparisons { context.terminal.write("\n" + comparison.console) }
        let summary = SuiteSummary.markdown(entries, comparisons: comparisons)
        do {
            for file in comparisons.compactMap(\.table) + [summary] {
                try RunFolder.replace(file: "\(out)/\(file.name)", text: file.text)
            }
            context.terminal.print("Summary: \(out)/\(summary.name)")
        } catch {
            context.terminal.error("error: \(error)")
            throw HarnessExit.usage
        }
    }
}

extension [String] {
    /// The names with a number behind those that came before: `grid`, `grid-2`.
    fileprivate var toldApart: [String] {
        var taken: Set<String> = []
        return map { name in
            var unique = name
            var number = 1
            while !taken.insert(unique).inserted {
                number += 1
                unique = "\(name)-\(number)"
            }
            return unique
        }
    }
}
