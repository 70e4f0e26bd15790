internal import Dispatch
internal import HarnessKit

/// Makes runs in fresh processes of this executable.
struct ProcessIsolation: RunIsolation {
    let executable: String
    /// The scenario's file.
    let file: String
    /// Values of the command line that are put into the scenario.
    let settings: [String]
    /// The seed of the command line.
    let seed: UInt64?
    /// The combination of the scenario's matrix.
    var cell: Int?
    /// The digest of the resolved scenario, which the processes must find as well.
    var digest: String
    /// The run folder, into which the processes write histories.
    let history: String
    /// The most events that one run may write.
    let historyEvents: Int
    /// How long a process may take.
    let limit: DispatchTimeInterval

    func run(
        target: String,
        process: Int,
        interruption: Interruption,
        deliver: @escaping @Sendable (_ run: JudgedRun) -> Void
    ) async -> String? {
        let worker = LineWorker<JudgedRun>(
            executable: executable,
            arguments: arguments(target, process),
            noun: "the process \(process + 1) of target '\(target)'"
        )
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + limit)
        timer.setEventHandler { worker.kill() }
        timer.resume()
        defer { timer.cancel() }
        return await interruption.whileHearing({ worker.end() }) { await worker.run(deliver) }
    }

    private func arguments(_ target: String, _ process: Int) -> [String] {
        [RunWorkerCommand.name, file, "--digest", digest, "--target", target, "--process", "\(process)"]
            + ["--history", history, "--history-events", "\(historyEvents)"]
            + (seed.map { ["--seed", "\($0)"] } ?? []) + (cell.map { ["--cell", "\($0)"] } ?? [])
            + settings.flatMap { ["--set", $0] }
    }
}

extension Plan {
    /// How long a process may take for its runs: far longer than they do when nothing hangs.
    func processLimit(_ scenario: Scenario) -> DispatchTimeInterval {
        let planned = Int((phases.last?.latestEnd ?? 0) / 1_000_000_000)
        return .seconds(max(1, scenario.runs.repetitions) * (planned + 120))
    }
}
