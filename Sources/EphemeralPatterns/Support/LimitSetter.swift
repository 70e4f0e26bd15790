internal import Ephemeral
internal import Synchronization

/// Brings the limits that a state machine decides to a coordinator, after its lock is released, where one thread may overtake
/// another: the last one decided is the one that stays.
final class LimitSetter: Sendable {
    private struct State {
        var wanted: (limit: Int, order: UInt64) = (0, 0)
        var applied: UInt64 = 0
        var isBusy = false

        /// The limit to set now, if there is one and nobody is setting another.
        mutating func next() -> (limit: Int, order: UInt64)? {
            guard !isBusy, wanted.order > applied else { return nil }
            isBusy = true
            return wanted
        }
    }

    private let state = Mutex(State())
    private let apply: @Sendable (_ limit: Int) -> Void

    init(apply: @escaping @Sendable (_ limit: Int) -> Void) { self.apply = apply }

    /// Sets a limit unless a later one is known; what others decide meanwhile is set too.
    func set(_ limit: Int, order: UInt64) {
        var next = state.withLock { state in
            if order > state.wanted.order { state.wanted = (limit, order) }
            return state.next()
        }
        while let present = next {
            apply(present.limit)
            next = state.withLock { state in
                state.applied = present.order
                state.isBusy = false
                return state.next()
            }
        }
    }
}
