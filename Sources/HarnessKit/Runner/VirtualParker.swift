internal import EphemeralTime
internal import Synchronization

/// What the conductor of a run in virtual time sleeps on and everybody else wakes it by.
final class VirtualParker: Sendable {
    private let time: VirtualTime
    private let state = Mutex(State())

    private struct State {
        var isSignalled = false
        var sleep: Task<Void, Never>?
    }

    init(time: VirtualTime) {
        self.time = time
    }

    /// Wakes the sleeper, or makes its next wait return at once.
    func signal() {
        let sleep = state.withLock { state in
            state.isSignalled = true
            return state.sleep
        }
        sleep?.cancel()
    }

    /// Sleeps until a signal or an absolute time, in nanoseconds on the time line of virtual time.
    func wait(until deadline: Int64) async {
        // A task of its own can be cancelled without its waiter.
        let sleep = Task(name: "harness conductor's sleep", executorPreference: time) { [time] in
            do {
                try await time.sleep(until: Timestamp(nanoseconds: deadline).instant)
            } catch {
                // Signalled.
            }
        }
        let isSignalled = state.withLock { state in
            state.sleep = sleep
            return state.isSignalled
        }
        if isSignalled { sleep.cancel() }
        await sleep.value
        state.withLock { $0 = State() }
    }
}
