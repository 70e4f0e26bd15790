import EphemeralTime

@testable import Ephemeral

/// What a queue with lanes and keys has to do, done the slow way: by looking at everything that waits.
struct QueueModel {
    struct Entry: Equatable {
        let id: OperationID
        let key: Int
        let lane: Int
        let enqueuedAt: Timestamp
    }

    struct LaneRules {
        var depth: Int?
        var limit: Int?
        var isDeferred = false
        var isCancelled = false
    }

    var rules: [LaneRules]
    /// `Int.max` where operations have no keys.
    let limitPerKey: Int
    let agingInterval: Int64?
    var isRuled = false
    /// In the order of their arrival.
    private(set) var waiting: [Entry] = []
    private(set) var running: [Entry] = []

    init(rules: [LaneRules], limitPerKey: Int, agingInterval: Int64? = nil) {
        self.rules = rules
        self.limitPerKey = limitPerKey
        self.agingInterval = agingInterval
    }

    mutating func append(_ entry: Entry) { waiting.append(entry) }

    func pending(lane: Int) -> Int { waiting.count { $0.lane == lane } }
    func pending(key: Int) -> Int { waiting.count { $0.key == key } }
    func running(key: Int) -> Int { running.count { $0.key == key } }
    func running(lane: Int) -> Int { running.count { $0.lane == lane } }

    /// The first operation of each lane that may start, highest lane first.
    func heads() -> [Entry] {
        rules.indices.compactMap { lane in
            if let limit = rules[lane].limit, running(lane: lane) >= limit { return nil }
            if rules[lane].isDeferred, !rules[lane].isCancelled { return nil }
            return waiting.first { $0.lane == lane && running(key: $0.key) < limitPerKey }
        }
    }

    func next(now: Timestamp) -> Entry? {
        guard let agingInterval else { return heads().first }
        func rank(_ entry: Entry) -> Int64 {
            Int64(entry.lane) - (now.nanoseconds - entry.enqueuedAt.nanoseconds) / agingInterval
        }
        return heads().min { (rank($0), $0.lane) < (rank($1), $1.lane) }
    }

    mutating func start(_ entry: Entry) {
        waiting.removeAll { $0 == entry }
        running.append(entry)
    }

    mutating func end(_ entry: Entry) { running.removeAll { $0 == entry } }
    mutating func drop(_ entry: Entry) { waiting.removeAll { $0 == entry } }

    mutating func dropForbidden() -> [Entry] {
        let dropped = rules.indices.filter { rules[$0].isCancelled }.flatMap { lane in
            waiting.filter { $0.lane == lane }
        }
        waiting.removeAll { rules[$0.lane].isCancelled }
        return dropped
    }

    mutating func removeAll() -> [Entry] {
        defer { waiting = [] }
        return waiting
    }

    func room(capacity: Int) -> Int {
        if isRuled { return 0 }
        return rules.indices.map { max(0, min(capacity, rules[$0].depth ?? .max) - pending(lane: $0)) }.min() ?? 0
    }

    func refuses(lane: Int) -> Bool {
        rules[lane].isCancelled || rules[lane].depth.map { pending(lane: lane) >= $0 } ?? false
    }
}
