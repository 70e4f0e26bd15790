public import Ephemeral

/// Downloads that say how far they are: by signals of whoever asks for them.
///
/// ```swift
/// let pages = try WorkCoordinator<String>(options: options) { url, context in
///     let page = try await SignalingHTTPClient.download(HTTPDownloadRequest(url), using: transport, reportingTo: context)
///     try store(page)
/// }
/// ```
///
/// The signals come in this order: `stage.starting`, `progress:0`, `stage.request`, `stage.headers`, `stage.reading`,
/// `progress:{n}` for each new whole percentage, `progress:100`, `stage.completed`. A body of unknown length has no percentage
/// between 0 and 100. At the end of one that fails stands `stage.failed:{status}`, `stage.failed:{type of the error}` or
/// `stage.cancelled`.
public enum SignalingHTTPClient {
    /// Downloads a body.
    ///
    /// **Cancellation**: ends the request, emits `stage.cancelled` and throws `CancellationError`.
    ///
    /// - Parameters:
    ///   - request: What to ask for.
    ///   - transport: What sends it.
    ///   - emitter: Whose signals tell of it, as the context of a coordinator's body.
    /// - Returns: The whole body.
    /// - Throws: ``SignalingHTTPError`` when the status is not one of 200 to 299 or the body is too short, and what the
    ///   transport throws.
    public static func download(
        _ request: HTTPDownloadRequest,
        using transport: some HTTPTransport,
        reportingTo emitter: some SignalEmitter
    ) async throws -> [UInt8] {
        do {
            let body = try await read(request, using: transport, reportingTo: emitter)
            emitter.emit("progress:100")
            emitter.emit("stage.completed")
            return body
        } catch let error as SignalingHTTPError {
            emitter.emit("stage.failed:\(error.code == .unsuccessfulStatus ? "\(error.status)" : "\(error.code)")")
            throw error
        } catch {
            // Transports have errors of their own for a request that is cancelled.
            if error is CancellationError || Task.isCancelled {
                emitter.emit("stage.cancelled")
                throw CancellationError()
            }
            emitter.emit("stage.failed:\(type(of: error))")
            throw error
        }
    }

    private static func read(
        _ request: HTTPDownloadRequest,
        using transport: some HTTPTransport,
        reportingTo emitter: some SignalEmitter
    ) async throws -> [UInt8] {
        emitter.emit("stage.starting")
        emitter.emit("progress:0")
        try Task.checkCancellation()
        emitter.emit("stage.request")
        let response = try await transport.send(request)
        emitter.emit("stage.headers")
        guard (200..<300).contains(response.status) else {
            throw SignalingHTTPError(
                code: .unsuccessfulStatus,
                message: "\(request.method) \(request.url) was answered with status \(response.status)",
                status: response.status
            )
        }
        emitter.emit("stage.reading")
        var progress = DownloadProgress(length: response.contentLength)
        var body: [UInt8] = []
        // What a server announces is no reason to reserve any amount of memory.
        body.reserveCapacity(min(max(0, response.contentLength ?? 0), 1 << 20))
        for try await piece in response.body {
            body += piece
            if let percentage = progress.add(piece.count) { emitter.emit("progress:\(percentage)") }
        }
        try Task.checkCancellation()
        guard !progress.isTruncated else {
            throw SignalingHTTPError(
                code: .truncated,
                message: "the body of \(request.url) ended after \(progress.received) bytes",
                status: response.status
            )
        }
        return body
    }
}
