/// Why a download was given up by the client itself; a transport throws errors of its own.
public struct SignalingHTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of the error: what programs compare.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let value: String

        /// The status of the response is not one of 200 to 299.
        public static let unsuccessfulStatus = Code(value: "unsuccessfulStatus")
        /// The body ended before as many bytes had arrived as the head announced.
        public static let truncated = Code(value: "truncated")

        /// The text shown to people.
        public var description: String { value }
    }

    /// The kind of the error.
    public var code: Code
    /// What happened.
    public var message: String
    /// The status of the response.
    public var status: Int

    /// The text shown to people.
    public var description: String { "\(code): \(message)" }
}
