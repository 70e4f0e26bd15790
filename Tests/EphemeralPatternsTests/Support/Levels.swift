import Synchronization

/// How many bodies run at a time, in all and of each key.
final class Levels: Sendable {
    private struct State {
        var running: [Int: Int] = [:]
        var most = 0
        var mostOfOneKey = 0
    }

    private let state = Mutex(State())

    var most: Int { state.withLock { $0.most } }
    var mostOfOneKey: Int { state.withLock { $0.mostOfOneKey } }

    func enter(_ key: Int = 0) {
        state.withLock { state in
            state.running[key, default: 0] += 1
            state.most = max(state.most, state.running.values.reduce(0, +))
            state.mostOfOneKey = max(state.mostOfOneKey, state.running[key, default: 0])
        }
    }

    func leave(_ key: Int = 0) { state.withLock { $0.running[key, default: 0] -= 1 } }

    func running(_ key: Int) -> Int { state.withLock { $0.running[key, default: 0] } }
}
