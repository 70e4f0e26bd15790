/// Why a run in virtual time failed.
public struct VirtualTimeError: Error, Sendable {
    /// The kind of the error: what programs compare.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case invalidArgument, alreadyRunning, abandoned, deadlock, escaped, stepBlocked, tooManySteps
        }

        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// A limit is outside its range.
        public static let invalidArgument = Code(.invalidArgument)
        /// Another run on the same virtual time is not over.
        public static let alreadyRunning = Code(.alreadyRunning)
        /// An earlier run failed in a way that left its tasks where they were.
        public static let abandoned = Code(.abandoned)
        /// Nothing was ready, nobody slept, and the body had not ended.
        public static let deadlock = Code(.deadlock)
        /// Something reached in from outside, so that the run cannot be repeated.
        public static let escaped = Code(.escaped)
        /// One step kept the thread for too long.
        public static let stepBlocked = Code(.stepBlocked)
        /// The run took more steps than it may.
        public static let tooManySteps = Code(.tooManySteps)

        /// The text shown to people.
        public var description: String { value.rawValue }
    }

    /// The kind of the error.
    public var code: Code
    /// What happened and how to mend it.
    public var message: String
    /// How far the run had come; `nil` when it did not begin.
    public var report: VirtualRunReport?
    /// What the body threw, when it ended nevertheless.
    public var underlyingError: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the error.
    ///   - message: What happened and how to mend it.
    ///   - report: How far the run had come.
    ///   - underlyingError: What the body threw.
    public init(
        code: Code,
        message: String,
        report: VirtualRunReport? = nil,
        underlyingError: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.report = report
        self.underlyingError = underlyingError
    }

    static func invalid(_ limit: String, _ value: some Any, _ rule: String) -> VirtualTimeError {
        VirtualTimeError(code: .invalidArgument, message: "\(limit) is \(value); \(rule)")
    }
}

extension VirtualTimeError: Equatable {
    /// Errors are equal when their codes are.
    public static func == (left: VirtualTimeError, right: VirtualTimeError) -> Bool { left.code == right.code }
}

extension VirtualTimeError: CustomStringConvertible {
    /// The text shown to people.
    public var description: String {
        let cause = underlyingError.map { " (the body threw: \($0))" } ?? ""
        let place = report.map { " [seed \($0.seed), step \($0.steps), \($0.elapsed) into the run]" } ?? ""
        return "\(code): \(message)\(cause)\(place)"
    }
}
