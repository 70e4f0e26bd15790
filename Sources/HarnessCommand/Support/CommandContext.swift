package import HarnessKit

/// What every command works with, bound around the run of the parsed command: the argument parser makes the commands
/// itself, so that nothing can be handed to them.
package struct CommandContext: Sendable {
    /// The plugins of this executable.
    package var registry: PluginRegistry
    /// Where to print.
    package var terminal: Terminal
    /// What the commands about jobs work with.
    package var jobs: JobsSetup
    /// The file of this executable, whose processes share work; `nil` where there is none to start.
    package var executable: String?

    /// Creates a context.
    package init(registry: PluginRegistry, terminal: Terminal, jobs: JobsSetup, executable: String? = nil) {
        self.registry = registry
        self.terminal = terminal
        self.jobs = jobs
        self.executable = executable
    }

    @TaskLocal package static var current: CommandContext?

    /// The context of the running command.
    ///
    /// - Returns: The context that ``HarnessCommand`` bound.
    package static func require() -> CommandContext {
        guard let current else {
            preconditionFailure("a command runs outside HarnessCommand.run(_:registry:terminal:)")
        }
        return current
    }
}
