/// Why a call of a server brought no value, and what may have happened there.
enum RedisFailure: Error, Hashable, Sendable {
    /// Nothing was sent: trying again is safe.
    case notSent(String)
    /// It was sent, and no answer came: it may have been done or not.
    case unknown(String)
    /// The server has answered with an error.
    case answered(RedisServerError)
    /// The server does not let this client in; nothing was sent.
    case denied(String)
    /// Too much waits to be sent already; nothing was sent.
    case overloaded(String)
    /// The command is larger than a server may be sent; nothing was sent.
    case tooLarge(bytes: Int, limit: Int)
    /// The connection was shut down; nothing was sent.
    case closed
}
