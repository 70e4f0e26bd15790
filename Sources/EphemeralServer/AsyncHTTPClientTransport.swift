public import AsyncHTTPClient
public import EphemeralPatterns
internal import EphemeralTime
internal import NIOCore
internal import NIOHTTP1

/// Sends the requests of a `SignalingHTTPClient` with AsyncHTTPClient.
///
/// ```swift
/// let transport = AsyncHTTPClientTransport(HTTPClient.shared)
/// let file = try await SignalingHTTPClient.download(HTTPDownloadRequest(url), using: transport, reportingTo: context)
/// ```
///
/// A server that does not answer is given up when the transport's timeout is over. One that stalls in the middle of a body is
/// given up after the client's own read timeout, `HTTPClient.Configuration.timeout.read`: it is none by default, so give it.
///
/// **Cancellation**: ends the request and closes its connection.
public struct AsyncHTTPClientTransport: HTTPTransport {
    private let client: HTTPClient
    private let headTimeout: Duration

    /// Creates a transport.
    ///
    /// - Parameters:
    ///   - client: The client; whoever made it shuts it down.
    ///   - headTimeout: How long the head of a response may take.
    public init(_ client: HTTPClient, headTimeout: Duration = .seconds(60)) {
        self.client = client
        self.headTimeout = headTimeout
    }

    /// Sends a request and returns as soon as the head of the response is there.
    public func send(_ request: HTTPDownloadRequest) async throws -> HTTPDownloadResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
        // The client's deadlines do not reach to the end of time.
        let timeout = min(headTimeout, .seconds(365 * 86_400)).clampedNanoseconds
        let response = try await client.execute(outgoing, timeout: .nanoseconds(timeout))
        return HTTPDownloadResponse(
            status: Int(response.status.code),
            contentLength: Self.contentLength(in: response.headers),
            body: response.body.map { Array($0.readableBytesView) }
        )
    }

    /// The length of a body that arrives as it was sent: one that is encoded may be decoded on the way.
    private static func contentLength(in headers: HTTPHeaders) -> Int? {
        guard !headers.contains(name: "content-encoding") else { return nil }
        return headers.first(name: "content-length").flatMap { Int($0) }
    }
}
