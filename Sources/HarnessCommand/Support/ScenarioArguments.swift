package import ArgumentParser

/// The arguments of commands that change what they read from scenario files.
package struct ScenarioSettings: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Put a value into the scenario before it is read; may be repeated.",
            discussion: "For example --set load.phases.hold.rate=900/s. Elements of arrays go by id, name or index.",
            valueName: "path=value"
        )
    )
    package var settings: [String] = []

    @Option(help: "Use this seed instead of the scenario's.")
    package var seed: UInt64?

    @Option(help: ArgumentHelp("Take only this combination of a matrix, from 1.", valueName: "number"))
    package var cell: Int?

    /// Creates arguments; the argument parser does.
    package init() {}
}

/// The arguments of commands that take many scenarios.
package struct ScenarioSelection: ParsableArguments {
    @Argument(help: "Scenario files, and folders that are searched for them.")
    package var paths: [String]

    @OptionGroup package var changes: ScenarioSettings

    @Option(name: .customLong("tag"), help: "Take only scenarios with this tag; may be repeated to take more.")
    package var tags: [String] = []

    @Option(
        name: .customLong("target"),
        help: ArgumentHelp("Take only targets whose id matches; may be repeated to take more.", valueName: "glob")
    )
    package var targets: [String] = []

    /// Creates arguments; the argument parser does.
    package init() {}

    package mutating func validate() throws {
        if paths.isEmpty { throw ValidationError("Name a scenario file or a folder.") }
    }
}
