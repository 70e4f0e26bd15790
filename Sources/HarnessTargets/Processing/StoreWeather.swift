import EphemeralTime
import Processing
import Synchronization

/// What is wrong with the way from a run to its store.
final class StoreWeather: Sendable {
    private struct State: Sendable {
        var isStalled = false
        var isCut = false
        var delay: Duration?
        /// How often the way was cut.
        var cuts = 0
    }

    private let state = Mutex(State())
    /// Rung when something gets better.
    private let bell = WorkBell()
    private let time: any TimeSource

    init(time: any TimeSource) {
        self.time = time
    }

    func stall(_ isStalled: Bool) {
        state.withLock { $0.isStalled = isStalled }
        bell.ring()
    }

    func delay(by delay: Duration?) { state.withLock { $0.delay = delay } }

    func cut(_ isCut: Bool) {
        state.withLock { state in
            state.isCut = isCut
            if isCut { state.cuts += 1 }
        }
        // Whoever waits for the end of a stall learns of it.
        bell.ring()
    }

    /// Waits until a call can go its way.
    ///
    /// - Returns: How often the way was cut so far.
    func pass(delayed isDelayed: Bool = true) async throws -> Int {
        while true {
            let ticket = bell.ticket
            let state = state.withLock(\.self)
            if state.isCut {
                throw ProcessingError(code: .storeUnavailable, message: "the scenario has cut the way to the store")
            }
            guard state.isStalled else {
                if isDelayed, let delay = state.delay { try await time.sleep(for: delay) }
                return state.cuts
            }
            try await bell.wait(after: ticket)
        }
    }

    /// Whether the way was not cut since a call went its way.
    func isUncut(since cuts: Int) -> Bool { state.withLock { $0.cuts == cuts } }
}
