internal import Synchronization

/// How many attempts of the body run at one time, and the most there ever were.
final class ConcurrencyMeter: Sendable {
    private let running = Atomic<Int>(0)
    private let most = Atomic<Int>(0)

    func enter() {
        let now = running.wrappingAdd(1, ordering: .relaxed).newValue
        if now > most.load(ordering: .relaxed) { most.max(now, ordering: .relaxed) }
    }

    func leave() {
        running.wrappingSubtract(1, ordering: .relaxed)
    }

    /// How many run now.
    var current: Int { running.load(ordering: .relaxed) }

    /// The highest concurrency so far.
    var highest: Int { most.load(ordering: .relaxed) }
}
