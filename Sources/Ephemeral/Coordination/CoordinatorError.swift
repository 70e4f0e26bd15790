/// Why a coordinator refused or gave up.
public struct CoordinatorError: Error, Sendable {
    /// The kind of the error: what programs compare.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case completed, notConfigured, dynamicConcurrencyDisabled, invalidArgument
            case laneUnknown, operationEvicted, operationCancelled, drainTimeout
        }

        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// The coordinator takes no more input: it was finished, drained, cancelled or shut down.
        public static let completed = Code(.completed)
        /// No configuration is registered under the name.
        public static let notConfigured = Code(.notConfigured)
        /// The options do not allow the limit to change.
        public static let dynamicConcurrencyDisabled = Code(.dynamicConcurrencyDisabled)
        /// An argument or option is outside its range.
        public static let invalidArgument = Code(.invalidArgument)
        /// There is no lane of that name.
        public static let laneUnknown = Code(.laneUnknown)
        /// The operation is unknown or has left the window.
        public static let operationEvicted = Code(.operationEvicted)
        /// The operation was cancelled.
        public static let operationCancelled = Code(.operationCancelled)
        /// Draining took longer than the caller allowed.
        public static let drainTimeout = Code(.drainTimeout)

        /// The text shown to people.
        public var description: String { value.rawValue }
    }

    /// The kind of the error.
    public var code: Code
    /// What happened and how to mend it.
    public var message: String
    /// The error behind this one.
    public var underlyingError: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the error.
    ///   - message: What happened and how to mend it.
    ///   - underlyingError: The error behind this one.
    public init(code: Code, message: String, underlyingError: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlyingError = underlyingError
    }

    @usableFromInline static let completed = CoordinatorError(
        code: .completed,
        message: "the coordinator takes no more input: it was finished, drained, cancelled or shut down"
    )

    package static func invalid(_ option: String, _ value: some Any, _ rule: String) -> CoordinatorError {
        CoordinatorError(code: .invalidArgument, message: "\(option) is \(value); \(rule)")
    }
}

extension CoordinatorError: Equatable {
    /// Errors are equal when their codes are.
    public static func == (left: CoordinatorError, right: CoordinatorError) -> Bool { left.code == right.code }
}

extension CoordinatorError: CustomStringConvertible {
    /// The text shown to people.
    public var description: String {
        let cause = underlyingError.map { " (because of: \($0))" } ?? ""
        return "\(code): \(message)\(cause)"
    }
}
