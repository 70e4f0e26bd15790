/// A scenario whose load cannot be planned.
///
/// The reader of scenarios finds most problems with their place in the file; this one knows the phase, burst or rule.
public struct PlanError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, where in the scenario, and how to mend it.
    public var message: String

    /// Creates an error.
    public init(message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
