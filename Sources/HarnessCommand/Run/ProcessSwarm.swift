internal import Dispatch
internal import Foundation
internal import HarnessKit

/// Tries seeds in processes of this executable, which share them.
///
/// Every process is waited for. One that outlives its time is ended by the end of its standard input, which also ends it
/// when this process dies.
struct ProcessSwarm: SeedSwarm {
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
    let digest: String
    /// How many processes; one for each CPU when `nil`.
    let processes: Int?
    /// How long the processes may take.
    var limit = DispatchTimeInterval.seconds(1800)

    func run(
        _ scenario: Scenario,
        seeds: SeedRange,
        interruption: Interruption,
        deliver: @escaping @Sendable (_ report: SeedReport) -> Void
    ) async -> SeedSwarmOutcome {
        let shares = seeds.dealt(to: processes ?? ProcessInfo.processInfo.activeProcessorCount)
        let targets = scenario.targets.map(\.id)
        let workers = shares.map {
            LineWorker<SeedReport>(
                executable: executable,
                arguments: arguments($0, targets),
                noun: "a process that shares the seeds"
            )
        }
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + limit)
        timer.setEventHandler { for worker in workers { worker.end() } }
        timer.resume()
        defer { timer.cancel() }
        let problems = await interruption.whileHearing({ for worker in workers { worker.end() } }) {
            await withTaskGroup(of: String?.self) { group in
                for worker in workers {
                    group.addTask {
                        await worker.run { report in
                            var report = report
                            if report.verdict != .pass { report.replay = replayCommand(report) }
                            deliver(report)
                        }
                    }
                }
                return await group.reduce(into: [String]()) { problems, problem in
                    if let problem { problems.append(problem) }
                }
            }
        }
        return SeedSwarmOutcome(processes: workers.count, problems: interruption.isFired ? [] : problems)
    }

    private func arguments(_ share: SeedRange, _ targets: [String]) -> [String] {
        let seeds = ["--first", "\(share.first)", "--count", "\(share.count)", "--stride", "\(share.stride)"]
        let seed = seed.map { ["--seed", "\($0)"] } ?? []
        return [SwarmWorkerCommand.name, file, "--digest", digest] + seeds + seed
            + targets.flatMap { ["--target", $0] } + changes
    }

    private var changes: [String] { settings.flatMap { ["--set", $0] } + (cell.map { ["--cell", "\($0)"] } ?? []) }

    /// The command that makes exactly the run of a report.
    private func replayCommand(_ report: SeedReport) -> String {
        let program = CommandLine.arguments.first ?? "harness"
        let words =
            [program, "run", file, "--clock", "virtual", "--seed", "\(report.seed)", "--seeds", "1"]
            + ["--target", report.target] + changes
        return words.map(\.shellQuoted).joined(separator: " ")
    }
}

extension String {
    /// The text as one word of a shell's command line.
    var shellQuoted: String {
        let isPlain = utf8.allSatisfy { byte in
            let isAlphanumeric = (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
            return isAlphanumeric || "-_./=:,@%+".utf8.contains(byte)
        }
        guard !isPlain || isEmpty else { return self }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
