/// Where a client stands that keeps itself connected, and who waits for it to be connected.
///
/// Knows no sockets: `Link` stands for a connection that is ready, `Waiter` for whoever waits for one.
struct ClientState<Link: Sendable, Waiter: Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Phase: Sendable {
        /// There was no attempt yet, or one is under way, or the next one comes.
        case connecting
        case ready(Link)
        /// The server does not let this client in. It is asked again all the same: somebody may put it right.
        case denied(String)
        case closed
    }

    private(set) var phase = Phase.connecting
    /// How many times a connection was lost that was ready.
    private(set) var reconnects = 0
    /// Why there is no connection.
    private(set) var reason: String?
    /// Since when there is none.
    private(set) var downSince: Instant
    private var waiters: [Int: Waiter] = [:]
    private var lastWaiter = 0
    private var cancelledEarly: Set<Int> = []
    private let limit: Int

    init(limit: Int, now: Instant) {
        self.limit = limit
        downSince = now
    }

    var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }
}

extension ClientState {
    mutating func nextWaiter() -> Int {
        lastWaiter += 1
        return lastWaiter
    }

    /// How a wait ends at once; `nil` when it has to wait.
    mutating func wait(_ number: Int, _ waiter: Waiter) -> Result<Link, any Error>? {
        switch phase {
        case .ready(let link): return .success(link)
        case .closed: return .failure(RedisFailure.closed)
        case .denied(let reason): return .failure(RedisFailure.denied(reason))
        case .connecting: break
        }
        if cancelledEarly.contains(number) { return .failure(CancellationError()) }
        guard waiters.count < limit else {
            return .failure(RedisFailure.overloaded("\(waiters.count) commands wait for a connection already"))
        }
        waiters[number] = waiter
        return nil
    }

    mutating func cancel(_ number: Int) -> Waiter? {
        cancelledEarly.insert(number)
        return waiters.removeValue(forKey: number)
    }

    mutating func forget(_ number: Int) { cancelledEarly.remove(number) }

    private mutating func takeWaiters() -> [Waiter] {
        defer { waiters = [:] }
        return waiters.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension ClientState {
    /// Notes that a connection can be used.
    ///
    /// - Returns: Who has waited for it; `nil` when it is not wanted any more.
    mutating func connected(_ link: Link) -> [Waiter]? {
        guard !isClosed else { return nil }
        phase = .ready(link)
        reason = nil
        return takeWaiters()
    }

    /// Notes that a connection was lost, or that an attempt has failed.
    ///
    /// - Returns: Who cannot be helped by waiting longer.
    mutating func disconnected(because reason: String, isDenied: Bool, now: Instant) -> [Waiter] {
        switch phase {
        case .closed: return []
        case .ready:
            reconnects += 1
            downSince = now
        case .connecting, .denied: break
        }
        self.reason = reason
        phase = isDenied ? .denied(reason) : .connecting
        return isDenied ? takeWaiters() : []
    }

    /// Takes a connection out of use that was found to be lost before that was noted.
    mutating func discard(where isMeant: (Link) -> Bool) {
        guard case .ready(let link) = phase, isMeant(link) else { return }
        reconnects += 1
        phase = .connecting
    }

    /// Ends everything.
    ///
    /// - Returns: The connection that is left, and everybody who waits for one.
    mutating func close() -> (link: Link?, waiters: [Waiter]) {
        defer { phase = .closed }
        if case .ready(let link) = phase { return (link, takeWaiters()) }
        return (nil, takeWaiters())
    }
}
