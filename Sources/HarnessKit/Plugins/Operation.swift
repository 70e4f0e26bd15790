/// One operation of a run, as a target sees it: small enough to be copied everywhere.
///
/// Everything else about it (work time, scripted outcomes, intended start) belongs to the harness, which finds it by
/// ``index``.
public struct Operation: Sendable, Hashable {
    /// The number of the operation in the run's plan, from 0.
    public var index: Int
    /// Its key; 0 when the scenario has no keys.
    public var key: Int
    /// Its lane, as a number into ``TargetEnvironment/lanes``; 0 when the scenario names no lanes.
    public var lane: Int

    /// Creates an operation.
    public init(index: Int, key: Int = 0, lane: Int = 0) {
        self.index = index
        self.key = key
        self.lane = lane
    }
}

/// An error that a scenario's fault rule makes the body throw.
public struct ScriptedError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The error's name in the scenario.
    public var name: String

    /// Creates a scripted error.
    public init(name: String) {
        self.name = name
    }

    /// The text shown to people.
    public var description: String { "scripted error '\(name)'" }
}
