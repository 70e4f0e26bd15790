internal import ArgumentParser
internal import HarnessKit

/// `harness plan`: what a scenario offers, worked out without running it.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a scenario offers, phase by phase or operation by operation.",
        discussion: """
            Equal digests offer equal load. With --csv every operation of open load is one row: when it is due, its key, \
            and what is scripted for its first attempts.
            """
    )

    @Argument(help: "A scenario file.")
    var file: String

    @OptionGroup var changes: ScenarioSettings

    @Flag(help: "Print one CSV row per planned operation.")
    var csv = false

    @Option(help: "How many attempts of each operation --csv shows.")
    var attempts = 1

    func validate() throws {
        guard (1...20).contains(attempts) else { throw ValidationError("--attempts takes a number from 1 to 20.") }
    }

    func run() async throws {
        let context = CommandContext.require()
        let scenario = try context.readScenario(at: file, changes).scenario
        let plan: Plan
        do throws(PlanError) {
            plan = try Plan(scenario)
        } catch {
            context.terminal.error("\(file): \(error)")
            throw HarnessExit.usage
        }
        guard csv else {
            context.terminal.print(PlanSummary(plan: plan).text)
            return
        }
        guard !plan.intendedStarts.isEmpty else {
            context.terminal.error(
                "error: --csv needs open load; when operations of closed load start is known only in a run"
            )
            throw HarnessExit.usage
        }
        PlanRows(plan: plan, attempts: attempts).write(to: context.terminal)
    }
}
