/// An error that is the user's to mend: wrong input, not enough money.
///
/// It says that nothing is to be rescued: a critical operation that throws it leaves no backup, and a job that throws it is
/// not tried again.
///
/// ```swift
/// guard balance >= amount else { throw UserError("There is not enough money in the account.") }
/// ```
public struct UserError: Error, Sendable {
    /// What the user is told.
    public var userMessage: String
    /// The error behind this one, for logs.
    public var underlyingError: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - userMessage: What the user is told.
    ///   - underlyingError: The error behind this one, for logs.
    public init(_ userMessage: String, underlyingError: (any Error)? = nil) {
        self.userMessage = userMessage
        self.underlyingError = underlyingError
    }
}

extension UserError: CustomStringConvertible {
    /// The text shown to people.
    public var description: String {
        let cause = underlyingError.map { " (because of: \($0))" } ?? ""
        return "user error: \(userMessage)\(cause)"
    }
}
