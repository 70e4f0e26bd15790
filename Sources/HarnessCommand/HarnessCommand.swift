public import ArgumentParser
public import HarnessKit
public import Processing

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The harness's command line, for executables with plugins of their own.
///
/// ```swift
/// await HarnessCommand.main(targets: BuiltInTargets.all + [MyQueueTarget.self])
/// ```
public struct HarnessCommand: AsyncParsableCommand {
    /// Name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "harness",
        abstract: "Runs declarative scenarios against bounded execution targets and reports what happened.",
        discussion: """
            A scenario is a JSON file that says what load is offered to which targets, what goes wrong meanwhile, and \
            what must hold. 'harness new ramp my.json' writes one to begin with.

            Exit codes: 0 pass; 1 usage or scenario error; 2 regression; 3 expectation failed; 4 invariant violated; \
            5 invalid or inconclusive run; 130 interrupted.
            """,
        subcommands: subcommands
    )

    private static let subcommands: [any ParsableCommand.Type] = [
        RunCommand.self,
        ValidateCommand.self,
        ExplainCommand.self,
        PlanCommand.self,
        NewCommand.self,
        ListCommand.self,
        DescribeCommand.self,
        SchemaCommand.self,
        ReplayCommand.self,
        CompareCommand.self,
        BaselineCommand.self,
        GateCommand.self,
        JobsCommand.self,
        SwarmWorkerCommand.self,
        RunWorkerCommand.self,
        GateWorkerCommand.self,
    ]

    /// Creates the command; the argument parser does.
    public init() {}

    /// Runs the command line of this process with a set of plugins, and ends the process.
    ///
    /// - Parameters:
    ///   - targets: Target plugins.
    ///   - invariants: Invariants beside the built-in ones.
    ///   - faults: Faults beside the errors and delays of the format.
    ///   - stores: The kinds of stores that `harness jobs` can open.
    ///   - processors: What `harness jobs work` and `harness jobs retry` run jobs and critical operations with.
    public static func main(
        targets: [any Target.Type],
        invariants: [any Invariant.Type] = [],
        faults: [any Fault.Type] = [],
        stores: [StoreScheme] = [],
        processors: ProcessorRegistry = ProcessorRegistry()
    ) async -> Never {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let code: HarnessExit
        do {
            let registry = try PluginRegistry(targets: targets, invariants: invariants, faults: faults)
            code = await run(
                arguments,
                registry: registry,
                terminal: .process,
                jobs: JobsSetup(stores: try StoreCatalogue(stores), processors: processors),
                executable: "/proc/self/exe"
            )
        } catch {
            Terminal.process.error("error: \(error)")
            code = .usage
        }
        endProcess(code)
    }

    /// Runs a command line away from the main actor: an executor hop per event would be measured otherwise.
    ///
    /// - Parameters:
    ///   - arguments: The words after the program's name.
    ///   - registry: The plugins that commands know.
    ///   - terminal: Where commands print to.
    ///   - jobs: What the commands about jobs work with.
    ///   - executable: The file of this executable, where further processes of it can be started.
    /// - Returns: The exit code of the process.
    @concurrent
    package static func run(
        _ arguments: [String],
        registry: PluginRegistry,
        terminal: Terminal,
        jobs: JobsSetup = .none,
        executable: String? = nil
    ) async -> HarnessExit {
        let context = CommandContext(registry: registry, terminal: terminal, jobs: jobs, executable: executable)
        return await CommandContext.$current.withValue(context) {
            do {
                var command = try parseAsRoot(arguments)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
                return .pass
            } catch let exit as HarnessExit {
                return exit
            } catch {
                return report(error, on: terminal)
            }
        }
    }

    /// Prints what the argument parser has to say: help is wanted output, all else is an error.
    private static func report(_ error: any Error, on terminal: Terminal) -> HarnessExit {
        let message = fullMessage(for: error)
        if exitCode(for: error).isSuccess {
            terminal.print(message)
            return .pass
        }
        terminal.error(message)
        return .usage
    }
}

/// Outside the command, whose own `exit` takes precedence there.
private func endProcess(_ code: HarnessExit) -> Never {
    exit(code.rawValue)
}
