package import HarnessKit

extension CommandContext {
    /// Reads one scenario file, prints its warnings, and ends the command when it has problems.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - changes: Settings and seed of the command line.
    /// - Returns: What was read, with its scenario.
    /// - Throws: ``HarnessExit/usage`` after the problems have been printed.
    package func readScenario(
        at path: String,
        _ changes: ScenarioSettings
    ) throws -> (reading: ScenarioReading, scenario: Scenario) {
        let reading = read(path, changes)
        printFindings(of: reading)
        guard let scenario = reading.scenario else { throw HarnessExit.usage }
        return (reading, scenario)
    }

    /// Reads every scenario that a selection names, and ends the command when any has problems or none is left.
    ///
    /// - Parameters:
    ///   - selection: Files, folders and filters of the command line.
    ///   - clock: The only clock that is wanted; `nil` for each scenario's own.
    /// - Returns: The scenarios in order, with the targets and clocks that the filters leave.
    /// - Throws: ``HarnessExit/usage`` after the reasons have been printed.
    package func readScenarios(
        _ selection: ScenarioSelection,
        clock: RunClock? = nil
    ) throws -> [(reading: ScenarioReading, scenario: Scenario)] {
        let (files, errors) = ScenarioPaths.expand(selection.paths)
        for error in errors { terminal.error("error: \(error)") }
        let readings = files.flatMap { readAll($0, selection.changes) }
        for reading in readings { printFindings(of: reading) }
        guard errors.isEmpty, readings.allSatisfy({ $0.scenario != nil }) else { throw HarnessExit.usage }
        let selected = readings.compactMap { reading in
            reading.scenario.flatMap { scenario -> (reading: ScenarioReading, scenario: Scenario)? in
                guard selection.tags.isEmpty || !Set(selection.tags).isDisjoint(with: scenario.tags) else { return nil }
                guard let scenario = scenario.keepingTargets(selection.targets) else { return nil }
                guard let clock else { return (reading, scenario) }
                return scenario.keepingClock(clock).map { (reading, $0) }
            }
        }
        if selected.isEmpty {
            terminal.error("error: no scenario is left by --tag, --target and --clock; 'harness validate' lists all")
            throw HarnessExit.usage
        }
        try requireUniqueNames(selected)
        return selected
    }

    /// Prints problems and warnings to standard error, each on its line.
    package func printFindings(of reading: ScenarioReading) {
        for problem in reading.problems.prefix(Self.shownProblems) { terminal.error(problem.description) }
        let rest = reading.problems.count - Self.shownProblems
        if rest > 0 { terminal.error("\(reading.path): \(rest) further problems") }
        for warning in reading.warnings.prefix(Self.shownProblems) { terminal.error(warning.description) }
    }

    package func read(_ path: String, _ changes: ScenarioSettings) -> ScenarioReading {
        ScenarioFile.read(
            path: path,
            registry: registry,
            settings: changes.settings,
            seed: changes.seed,
            cell: changes.cell
        )
    }

    /// Reads every combination of a file's matrix, or the one that the command line names.
    package func readAll(_ path: String, _ changes: ScenarioSettings) -> [ScenarioReading] {
        guard changes.cell == nil else { return [read(path, changes)] }
        return ScenarioFile.readAll(
            path: path,
            registry: registry,
            settings: changes.settings,
            seed: changes.seed
        )
    }

    private static let shownProblems = 50

    /// Run folders are named after scenarios.
    private func requireUniqueNames(_ selected: [(reading: ScenarioReading, scenario: Scenario)]) throws {
        let byName = Dictionary(grouping: selected) { $0.scenario.name }
        let twice = byName.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
        for (name, scenarios) in twice {
            let files = scenarios.map(\.reading.path).joined(separator: " and ")
            terminal.error("error: the scenario name \"\(name)\" is used by \(files); give each file its own name")
        }
        if !twice.isEmpty { throw HarnessExit.usage }
    }
}
