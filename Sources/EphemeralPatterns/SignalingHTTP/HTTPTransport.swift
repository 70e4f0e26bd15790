/// What sends a request of a ``SignalingHTTPClient`` over the network, or pretends to.
///
/// `EphemeralServer` has one for AsyncHTTPClient; tests and scenarios bring their own.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns as soon as the head of the response is there.
    ///
    /// **Cancellation**: ends the request, also while the body is read.
    ///
    /// - Parameter request: What to send.
    /// - Returns: The head, and the body as it arrives.
    /// - Throws: Why there is no response.
    func send(_ request: HTTPDownloadRequest) async throws -> HTTPDownloadResponse
}

/// A request for a download.
public struct HTTPDownloadRequest: Sendable, Hashable {
    /// The whole address, as `https://example.com/large-file`.
    public var url: String
    /// The method; `GET` by default.
    public var method: String
    /// Header fields, in order.
    public var headers: [Header]

    /// A header field.
    public struct Header: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: String

        /// Creates a header field.
        ///
        /// - Parameters:
        ///   - name: Its name.
        ///   - value: Its value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - url: The whole address.
    ///   - method: The method.
    ///   - headers: Header fields, in order.
    public init(_ url: String, method: String = "GET", headers: [Header] = []) {
        self.url = url
        self.method = method
        self.headers = headers
    }
}

/// The head of a response, and its body as it arrives.
public struct HTTPDownloadResponse: Sendable {
    /// The status code.
    public var status: Int
    /// How many bytes the body will have; `nil` when the server does not say, or the transport changes it on the way.
    public var contentLength: Int?
    /// The body in pieces of any size; it throws when the connection breaks.
    public var body: any AsyncSequence<[UInt8], any Error> & Sendable

    /// Creates a response.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - contentLength: How many bytes the body will have, if that is known.
    ///   - body: The body in pieces.
    public init(status: Int, contentLength: Int?, body: any AsyncSequence<[UInt8], any Error> & Sendable) {
        self.status = status
        self.contentLength = contentLength
        self.body = body
    }
}
