import EphemeralTesting
import Synchronization

/// What a stress run has brought to a coordinator and seen of its bodies, whatever its kind.
final class StressLedger: Sendable {
    static let lanes = 3
    static let keys = 7

    /// An item says who brought it and as the how manieth; the rest follows from that.
    static func item(_ producer: Int, _ number: Int) -> Int { number * StressLoad.producers + producer }
    static func key(of item: Int) -> Int { (item / StressLoad.producers) % keys }
    static func lane(of item: Int) -> Int { (item / 5) % lanes }

    private struct Seen {
        var accepted: Set<Int> = []
        var runs: [Int: Int] = [:]
        var discarded: [Int: Int] = [:]
        var answers = 0
        var waiters = 0
        var overtaken = 0
        var last: [Line: Int] = [:]
        var running = Levels()
        var runningByKey = [Levels](repeating: Levels(), count: keys)
        var runningByLane = [Levels](repeating: Levels(), count: lanes)
    }

    /// Items of one producer that must start in their order.
    private struct Line: Hashable {
        let producer: Int
        let key: Int
        let lane: Int
    }

    private struct Levels {
        var now = 0
        var most = 0

        mutating func change(by delta: Int) {
            now += delta
            most = max(most, now)
        }
    }

    private let seen = Mutex(Seen())
    let begun = Journal<Int>()
    /// What was seen that must not be.
    let violations = Journal<String>()

    var accepted: Set<Int> { seen.withLock { $0.accepted } }
    var runs: [Int: Int] { seen.withLock { $0.runs } }
    var discarded: [Int: Int] { seen.withLock { $0.discarded } }
    var mostRunning: Int { seen.withLock { $0.running.most } }
    var mostRunningOfAKey: Int { seen.withLock { $0.runningByKey.map(\.most).max() ?? 0 } }
    var mostRunningByLane: [Int] { seen.withLock { $0.runningByLane.map(\.most) } }
    /// How many bodies began after one that their producer had brought later for the same key and lane.
    var overtaken: Int { seen.withLock { $0.overtaken } }
    var unansweredWaiters: Int { seen.withLock { $0.waiters - $0.answers } }

    func expect(_ condition: Bool, _ violation: @autoclosure () -> String) {
        if !condition { violations.record(violation()) }
    }

    func noteAccepted(_ item: Int) { seen.withLock { _ = $0.accepted.insert(item) } }
    func noteDiscarded(_ item: Int) { seen.withLock { $0.discarded[item, default: 0] += 1 } }
    func noteWaiter() { seen.withLock { $0.waiters += 1 } }
    func noteAnswer() { seen.withLock { $0.answers += 1 } }

    func begin(_ item: Int) {
        let (key, lane) = (Self.key(of: item), Self.lane(of: item))
        let line = Line(producer: item % StressLoad.producers, key: key, lane: lane)
        seen.withLock { seen in
            seen.runs[item, default: 0] += 1
            seen.running.change(by: 1)
            seen.runningByKey[key].change(by: 1)
            seen.runningByLane[lane].change(by: 1)
            if let last = seen.last.updateValue(item, forKey: line), last > item { seen.overtaken += 1 }
        }
        begun.record(item)
    }

    func end(_ item: Int) {
        seen.withLock { seen in
            seen.running.change(by: -1)
            seen.runningByKey[Self.key(of: item)].change(by: -1)
            seen.runningByLane[Self.lane(of: item)].change(by: -1)
        }
    }
}
