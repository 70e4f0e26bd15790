import HarnessKit

extension ScenarioRunner {
    /// A runner beside others in the same process, where virtual time's thread waits for locks that tests beside it hold: those
    /// of the language's runtime and of the thread sanitizer, for seconds on a busy machine.
    static func amongOthers(registry: PluginRegistry) -> ScenarioRunner {
        var runner = ScenarioRunner(registry: registry)
        runner.limits.blocking = .seconds(600)
        return runner
    }
}
