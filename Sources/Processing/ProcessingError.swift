/// Why a store, manager or worker refused or gave up.
public struct ProcessingError: Error, Sendable {
    /// The kind of the error: what programs compare.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case invalidArgument, payloadTooLarge, malformedPayload, unknownProcessor, notConfigured
            case notFound, alreadyExists, alreadyRetrying, alreadyResolved, notReplayable
            case storeUnavailable, storeFull, outcomeUnknown, overloaded, storeRefused, foreignStore, closed
            case timedOut
        }

        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// An argument or option is outside its range.
        public static let invalidArgument = Code(.invalidArgument)
        /// A payload is larger than the store takes; nothing was stored.
        public static let payloadTooLarge = Code(.payloadTooLarge)
        /// A payload cannot be encoded or decoded.
        public static let malformedPayload = Code(.malformedPayload)
        /// No processor is registered under the name.
        public static let unknownProcessor = Code(.unknownProcessor)
        /// There is no manager of the process yet.
        public static let notConfigured = Code(.notConfigured)
        /// There is no job or critical operation of that identity, or no more.
        public static let notFound = Code(.notFound)
        /// There is a critical operation of that identity that is not done.
        public static let alreadyExists = Code(.alreadyExists)
        /// The critical operation is under way somewhere else.
        public static let alreadyRetrying = Code(.alreadyRetrying)
        /// The critical operation is done.
        public static let alreadyResolved = Code(.alreadyResolved)
        /// The critical operation has no processor by name.
        public static let notReplayable = Code(.notReplayable)
        /// The store cannot be reached; nothing was changed, and trying again is safe.
        public static let storeUnavailable = Code(.storeUnavailable)
        /// The store has no room; nothing was changed.
        public static let storeFull = Code(.storeFull)
        /// The store did not answer: the change may have been made or not.
        public static let outcomeUnknown = Code(.outcomeUnknown)
        /// Too many requests wait for the store already; nothing was changed.
        public static let overloaded = Code(.overloaded)
        /// The store does not allow it: wrong password, missing rights; trying again does not help.
        public static let storeRefused = Code(.storeRefused)
        /// The place holds something else than a store of this kind and version.
        public static let foreignStore = Code(.foreignStore)
        /// The store, manager or worker was shut down.
        public static let closed = Code(.closed)
        /// The operation took longer than its caller allowed.
        public static let timedOut = Code(.timedOut)

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
}

extension ProcessingError: Equatable {
    /// Errors are equal when their codes are.
    public static func == (left: ProcessingError, right: ProcessingError) -> Bool { left.code == right.code }
}

extension ProcessingError: CustomStringConvertible {
    /// The text shown to people.
    public var description: String {
        let cause = underlyingError.map { " (because of: \($0))" } ?? ""
        return "\(code): \(message)\(cause)"
    }
}

extension ProcessingError {
    static func checkSize(_ size: Int, limit: Int, of subject: String) throws {
        guard size > limit else { return }
        throw ProcessingError(
            code: .payloadTooLarge,
            message: "\(subject): the payload has \(size) bytes and the store takes \(limit); "
                + "store the data elsewhere and put its address into the payload"
        )
    }

    /// What a store throws that was shut down.
    package static let closedStore = ProcessingError(
        code: .closed,
        message: "the store was shut down; open a new one"
    )

    /// What an option says that is outside its range.
    static func invalid(_ option: String, _ value: some Any, _ rule: String) -> ProcessingError {
        ProcessingError(code: .invalidArgument, message: "\(option) is \(value); \(rule)")
    }
}
