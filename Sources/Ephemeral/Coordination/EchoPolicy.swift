/// What a coordinator keeps of operations that are no longer visible.
public enum EchoPolicy: Sendable, Equatable {
    /// Nothing.
    case none
    /// What became of the last of them: at most so many, each for at most so long after it left.
    case retain(count: Int, for: Duration)

    func validate() throws {
        guard case .retain(let count, let age) = self else { return }
        guard count > 0 else { throw CoordinatorError.invalid("echo.count", count, "give 1 or more, or .none") }
        guard age > .zero else { throw CoordinatorError.invalid("echo.for", age, "give a positive time, or .none") }
    }
}
