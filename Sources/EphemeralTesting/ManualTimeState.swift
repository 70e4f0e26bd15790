/// The guarded state of a clock that is moved by hand.
struct ManualTimeState: Sendable {
    typealias Instant = ContinuousClock.Instant
    /// What has to be done after the lock is released.
    typealias Resumption = @Sendable () -> Void

    struct Sleeper: Sendable {
        let id: UInt64
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
        var isReported = false
    }

    private(set) var now: Instant
    /// By deadline, then by the moment of falling asleep.
    private(set) var sleepers: [Sleeper] = []
    private var observers: [(id: UInt64, continuation: CheckedContinuation<Instant, any Error>)] = []
    private var cancelledEarly: Set<UInt64> = []
    private var lastIdentity: UInt64 = 0

    init(now: Instant) {
        self.now = now
    }

    mutating func nextIdentity() -> UInt64 {
        lastIdentity += 1
        return lastIdentity
    }

    mutating func forget(_ id: UInt64) {
        cancelledEarly.remove(id)
    }

    mutating func fallAsleep(
        _ id: UInt64,
        until deadline: Instant,
        _ continuation: CheckedContinuation<Void, any Error>
    ) -> [Resumption] {
        if cancelledEarly.contains(id) { return [{ continuation.resume(throwing: CancellationError()) }] }
        guard deadline > now else { return [{ continuation.resume() }] }
        var sleeper = Sleeper(id: id, deadline: deadline, continuation: continuation)
        sleeper.isReported = !observers.isEmpty
        let place = sleepers.firstIndex { $0.deadline > deadline } ?? sleepers.endIndex
        sleepers.insert(sleeper, at: place)
        guard !observers.isEmpty else { return [] }
        let observer = observers.removeFirst().continuation
        return [{ observer.resume(returning: deadline) }]
    }

    mutating func awaitSleep(_ id: UInt64, _ continuation: CheckedContinuation<Instant, any Error>) -> [Resumption] {
        if cancelledEarly.contains(id) { return [{ continuation.resume(throwing: CancellationError()) }] }
        // Identities grow with time, so the smallest one fell asleep first.
        let unreported = sleepers.indices.filter { !sleepers[$0].isReported }
        guard let first = unreported.min(by: { sleepers[$0].id < sleepers[$1].id }) else {
            observers.append((id, continuation))
            return []
        }
        sleepers[first].isReported = true
        let deadline = sleepers[first].deadline
        return [{ continuation.resume(returning: deadline) }]
    }

    mutating func cancel(_ id: UInt64) -> Resumption? {
        cancelledEarly.insert(id)
        if let index = sleepers.firstIndex(where: { $0.id == id }) {
            let sleeper = sleepers.remove(at: index)
            return { sleeper.continuation.resume(throwing: CancellationError()) }
        }
        if let index = observers.firstIndex(where: { $0.id == id }) {
            let observer = observers.remove(at: index)
            return { observer.continuation.resume(throwing: CancellationError()) }
        }
        return nil
    }

    mutating func advance(to instant: Instant) -> [Resumption] {
        guard instant > now else { return [] }
        now = instant
        let due = sleepers.prefix { $0.deadline <= instant }
        sleepers.removeFirst(due.count)
        return due.map { sleeper in { sleeper.continuation.resume() } }
    }
}
