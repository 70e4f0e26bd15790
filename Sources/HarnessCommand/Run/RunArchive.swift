internal import EphemeralTime
internal import HarnessKit
internal import HarnessReports
internal import Synchronization

/// Fills the run folder of one scenario: histories as the runs end, everything else at the end.
final class RunArchive: Sendable {
    private let folder: RunFolder
    private let out: String
    private let state = Mutex(State())

    private struct State {
        var eventsLeft = HistoryLines.eventsPerFolder
        var problems: [String] = []
        /// Distributions of all repetitions, by the names of their files.
        var histograms: [String: LatencyHistogram] = [:]
    }

    /// Makes the temporary folder.
    init(out: String, scenario: String, digest: String) throws(RunFolderError) {
        self.out = out
        let clock = SystemTimeSource()
        folder = try RunFolder(
            out: out,
            scenario: scenario,
            startedAt: clock.wallTime(at: clock.now),
            revision: GitRevision.current,
            digest: digest
        )
    }

    /// Where the folder will be.
    var path: String { folder.path }

    /// The folder as long as it is not finished, for files that other processes write.
    var workingPath: String { folder.workingPath }

    /// The folder's place inside the folder of all runs.
    var relativePath: String { String(path.dropFirst(out.count).drop { $0 == "/" }) }

    /// Writes a run's history, as far as the folder's bound allows.
    func keep(_ run: FinishedRun) {
        guard let history = run.history else { return }
        let limit = state.withLock { state in
            let limit = min(state.eventsLeft, history.events.count)
            state.eventsLeft -= limit
            return limit
        }
        write { () throws(RunFolderError) in
            for file in HistoryFiles.files(of: run, limit: limit) { try folder.write(file.name, bytes: file.bytes) }
        }
    }

    /// Adds a run's distributions to those of the target's other runs.
    func add(_ run: JudgedRun) {
        let clock = run.run.clock == RunClock.virtual.rawValue ? "-virtual" : ""
        state.withLock { state in
            for (name, histogram) in run.histograms {
                state.histograms["hist/\(run.run.target)\(clock)-\(name).hdr", default: LatencyHistogram()].add(
                    histogram
                )
            }
        }
    }

    /// Writes everything else and gives the folder its name.
    ///
    /// - Returns: What could not be written; then the folder keeps its temporary name.
    func finish(
        _ result: RunResult,
        resolvedScenario: String?,
        formats: [any ReportRenderer.Type]
    ) -> [String] {
        var files = JSONReport.render(result)
        if let resolvedScenario {
            files.append(ReportFile(name: "scenario.resolved.json", text: resolvedScenario + "\n"))
        }
        files.append(ReportFile(name: "env.json", text: result.environment.jsonText))
        files += state.withLock(\.histograms).sorted { $0.key < $1.key }.map { name, histogram in
            ReportFile(name: name, text: histogram.percentileText)
        }
        for format in formats where format.id != JSONReport.id { files += format.render(result) }
        for file in files {
            write { () throws(RunFolderError) in try folder.write(file.name, text: file.text) }
        }
        if state.withLock(\.problems).isEmpty { write { () throws(RunFolderError) in try folder.publish() } }
        return state.withLock(\.problems)
    }

    private func write(_ body: () throws(RunFolderError) -> Void) {
        do {
            try body()
        } catch {
            state.withLock { $0.problems.append("\(error)") }
        }
    }
}
