internal import Synchronization

/// The user's wish to stop: fired once by a signal handler, heard by whatever is running.
public final class Interruption: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isFired = false
        var next = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
    }

    /// Creates an interruption that has not happened.
    public init() {}

    /// Whether it has happened.
    public var isFired: Bool { state.withLock { $0.isFired } }

    /// Makes it happen; further calls do nothing.
    public func fire() {
        let handlers = state.withLock { state in
            state.isFired = true
            defer { state.handlers = [:] }
            return state.handlers.sorted { $0.key < $1.key }.map(\.value)
        }
        for handler in handlers { handler() }
    }

    /// Calls `body`, and meanwhile `handler` once when the interruption happens; at once when it already has.
    package func whileHearing<Result>(
        _ handler: @escaping @Sendable () -> Void,
        _ body: () async -> Result
    ) async -> Result {
        let number = state.withLock { state -> Int? in
            guard !state.isFired else { return nil }
            state.next += 1
            state.handlers[state.next] = handler
            return state.next
        }
        if number == nil { handler() }
        let result = await body()
        if let number { state.withLock { $0.handlers[number] = nil } }
        return result
    }
}
