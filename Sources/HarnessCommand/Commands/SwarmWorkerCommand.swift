internal import ArgumentParser
internal import HarnessKit

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// `harness swarm-worker`: tries some seeds for `harness run`, which starts it.
struct SwarmWorkerCommand: AsyncParsableCommand {
    static let name = "swarm-worker"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Tries seeds of a scenario in virtual time for 'harness run', one line of JSON for each.",
        shouldDisplay: false
    )

    @Argument(help: "A scenario file.")
    var file: String

    @OptionGroup var changes: ScenarioSettings

    @Option(help: "The digest that the resolved scenario must have.")
    var digest: String

    @Option(help: "The first seed.")
    var first: UInt64

    @Option(help: "How many seeds.")
    var count: Int

    @Option(help: "The distance from one seed to the next.")
    var stride = 1

    @Option(name: .customLong("target"), help: "The id of a target; may be repeated.")
    var targets: [String] = []

    func run() async throws {
        let context = CommandContext.require()
        if context.executable != nil { InputWatcher.whenEnded { _exit(HarnessExit.interrupted.rawValue) } }
        let reading = context.read(file, changes)
        guard let scenario = reading.scenario?.keepingTargets(targets)?.keepingClock(.virtual), reading.digest == digest
        else {
            context.terminal.error("error: \(file) is not the scenario \(digest) any more; leave it alone during a run")
            throw HarnessExit.usage
        }
        let swarm = LocalSeedSwarm(runner: ScenarioRunner(registry: context.registry))
        _ = await swarm.run(
            scenario,
            seeds: SeedRange(first: first, count: count, stride: stride),
            interruption: Interruption()
        ) { report in
            context.terminal.printLine(report)
        }
    }
}
