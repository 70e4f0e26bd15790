import DequeModule
import EphemeralTime
import Testing

@testable import Ephemeral

/// Queues against a model that does everything the slow way, step by step.
@Suite(.timeLimit(.minutes(1)))
struct QueueModelTests {
    private static let seeds: Range<UInt64> = 0..<8
    private static let steps = 800
    private static let capacity = 12

    /// What lanes a sequence of steps has; every second one also changes the signals of lanes.
    private struct Plan {
        var rules: [QueueModel.LaneRules]
        var agingInterval: Int64?
        var hasSignals: Bool

        init(seed: UInt64, lanes: Int) {
            let bounds: [(depth: Int?, limit: Int?)] = [(nil, 1), (5, nil), (nil, nil)]
            rules = (0..<lanes).map { lane in
                let bound = bounds[(lane + Int(seed / 2)) % bounds.count]
                return QueueModel.LaneRules(depth: bound.depth, limit: bound.limit)
            }
            agingInterval = seed % 4 == 3 ? 7 : nil
            hasSignals = seed % 2 == 1
        }

        var table: LaneTable {
            LaneTable(
                rules.enumerated().map { Lane(name: "\($0)", depth: $1.depth, limit: $1.limit) },
                agingInterval: agingInterval.map { .nanoseconds($0) }
            )
        }
    }

    /// One queue beside its model.
    private struct Pair<Queue: PrioritizedQueue> where Queue.Item == Int {
        var queue: Queue
        var model: QueueModel
        var random: SplitMix64
        let route: (_ key: Int, _ lane: Int) -> Queue.Route
        var claims: [(entry: QueueModel.Entry, claim: Queue.Claim)] = []
        var now = Timestamp(nanoseconds: 1000)
        var lastID: Int64 = 0
        var version: UInt64 = 0

        mutating func step(hasSignals: Bool) {
            now = now.advanced(byNanoseconds: Int64.random(in: 0...3, using: &random))
            switch Int.random(in: 0..<24, using: &random) {
            case 0..<9: append(Int.random(in: 1...3, using: &random))
            case 9..<14: start()
            case 14..<20: end()
            case 20: drop()
            case 21: if hasSignals { changeSignals() }
            case 22:
                let dropped = queue.dropForbidden(now: now).map(\.entry.ticket.id)
                #expect(dropped == model.dropForbidden().map(\.id))
            default:
                if Int.random(in: 0..<8, using: &random) == 0 { removeAll() }
            }
        }

        private mutating func append(_ count: Int) {
            var arrivals: Deque<Queue.Entry> = []
            for _ in 0..<count {
                lastID += 1
                let (key, lane) = (
                    Int.random(in: 0..<5, using: &random), Int.random(in: 0..<model.rules.count, using: &random)
                )
                let ticket = Ticket(id: OperationID(rawValue: lastID), enqueuedAt: now)
                arrivals.append(Queue.Entry(item: Int(lastID), route: route(key, lane), ticket: ticket))
                model.append(QueueModel.Entry(id: ticket.id, key: key, lane: lane, enqueuedAt: now))
            }
            queue.append(contentsOf: &arrivals)
            #expect(arrivals.isEmpty)
        }

        private mutating func start() {
            let expected = model.next(now: now)
            let started = queue.takeNext(now: now)
            #expect(started?.entry.ticket.id == expected?.id)
            guard let expected, let started else { return }
            model.start(expected)
            claims.append((expected, started.claim))
        }

        mutating func end() {
            guard let index = claims.indices.randomElement(using: &random) else { return }
            let (entry, claim) = claims.remove(at: index)
            queue.release(claim)
            model.end(entry)
        }

        private mutating func drop() {
            let expected = model.next(now: now)
            #expect(queue.dropNext(now: now)?.ticket.id == expected?.id)
            if let expected { model.drop(expected) }
        }

        private mutating func changeSignals() {
            let lane = Int.random(in: 0..<model.rules.count, using: &random)
            version += 1
            model.isRuled = true
            let match = Bool.random(using: &random) ? StartGate.Reading.Match(signal: "now", time: now) : nil
            let reading = StartGate.Reading(version: version, newest: match)
            if Int.random(in: 0..<3, using: &random) == 0 {
                model.rules[lane].isCancelled = match != nil
                queue.lanes.change(lane) { $0.update(cancellation: reading) }
            } else {
                model.rules[lane].isDeferred = match != nil
                queue.lanes.change(lane) { $0.update(deferral: reading) }
            }
        }

        mutating func removeAll() {
            #expect(Set(queue.removeAll().map(\.ticket.id)) == Set(model.removeAll().map(\.id)))
        }

        mutating func check() {
            #expect(queue.count == model.waiting.count)
            #expect(queue.next(now: now)?.ticket.id == model.next(now: now)?.id)
            #expect(queue.room(capacity: QueueModelTests.capacity) == model.room(capacity: QueueModelTests.capacity))
            #expect(queue.isRuled == model.isRuled)
            for lane in model.rules.indices {
                #expect(queue.lanes.pending[lane] == model.pending(lane: lane))
                #expect(queue.lanes.running[lane] == model.running(lane: lane))
                let hasRoom = queue.hasRoom(for: route(0, lane), capacity: QueueModelTests.capacity)
                #expect(hasRoom == (model.pending(lane: lane) < QueueModelTests.capacity))
                #expect(queue.refuses(route(0, lane), isPatient: true, now: now) == model.refuses(lane: lane))
            }
            let id = OperationID(rawValue: Int64.random(in: 1...max(1, lastID), using: &random))
            #expect(queue.contains(id) == model.waiting.contains { $0.id == id })
        }

        mutating func empty() {
            removeAll()
            while !claims.isEmpty { end() }
        }
    }

    @Test(arguments: seeds, 1...3)
    func aQueueWithLanesAgreesWithTheModelAtEveryStep(_ seed: UInt64, _ lanes: Int) {
        let plan = Plan(seed: seed, lanes: lanes)
        var pair = Pair<LanedQueue<Int>>(
            queue: LanedQueue(lanes: plan.table),
            model: QueueModel(rules: plan.rules, limitPerKey: .max, agingInterval: plan.agingInterval),
            random: SplitMix64(seed: seed),
            route: { _, lane in lane }
        )
        for _ in 0..<Self.steps {
            pair.step(hasSignals: plan.hasSignals)
            pair.check()
        }
    }

    @Test(arguments: seeds, 1...3)
    func aQueueWithLanesAndKeysAgreesWithTheModelAtEveryStep(_ seed: UInt64, _ lanes: Int) {
        let plan = Plan(seed: seed, lanes: lanes)
        var options = EphemeralOptions()
        options.keys.maxConcurrencyPerKey = 1 + Int(seed % 3)
        var pair = Pair<KeyedQueue<Int, Int>>(
            queue: KeyedQueue(options: options, lanes: plan.table),
            model: QueueModel(
                rules: plan.rules,
                limitPerKey: options.keys.maxConcurrencyPerKey,
                agingInterval: plan.agingInterval
            ),
            random: SplitMix64(seed: seed &+ 100),
            route: { key, lane in KeyedQueue<Int, Int>.Route(key: key, lane: lane) }
        )
        for _ in 0..<Self.steps {
            pair.step(hasSignals: plan.hasSignals)
            pair.check()
            for key in 0..<5 {
                #expect(pair.queue.keys.pending(key) == pair.model.pending(key: key))
                #expect((pair.queue.keys.numbers[key] != nil) == pair.model.isLive(key))
            }
        }
        pair.empty()
        #expect(pair.queue.keys.count == 0)
        #expect(pair.queue.keys.states.allSatisfy { $0.tag == nil && $0.pending == 0 && $0.running == 0 })
    }

    @Test(arguments: seeds, 1...3)
    func withFairSchedulingKeysTakeTurnsInEverySequence(_ seed: UInt64, _ limitPerKey: Int) {
        var options = EphemeralOptions()
        options.keys.enableFairScheduling = true
        options.keys.maxConcurrencyPerKey = limitPerKey
        var queue = KeyedQueue<Int, Int>(options: options)
        var model = FairModel(limitPerKey: limitPerKey)
        var random = SplitMix64(seed: seed)
        var claims: [KeyedQueue<Int, Int>.Claim] = []
        let now = Timestamp(nanoseconds: 5)
        for item in 1...Self.steps * 2 {
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let key = Int.random(in: 0..<6, using: &random)
                let ticket = Ticket(id: OperationID(rawValue: Int64(item)), enqueuedAt: now)
                queue.append(QueueEntry(item: item, route: .init(key: key, lane: 0), ticket: ticket))
                model.append(item, key: key)
            case 1:
                let started = queue.takeNext(now: now)
                #expect(started?.entry.item == model.start())
                if let started { claims.append(started.claim) }
            default:
                guard let index = claims.indices.randomElement(using: &random) else { continue }
                let claim = claims.remove(at: index)
                model.end(key: queue.keys.states[claim.key].tag?.key ?? -1)
                queue.release(claim)
            }
        }
    }

    /// Turns of keys, in plain lists.
    private struct FairModel {
        let limitPerKey: Int
        private var waiting: [Int: [Int]] = [:]
        private var running: [Int: Int] = [:]
        private var turns: [Int] = []

        init(limitPerKey: Int) { self.limitPerKey = limitPerKey }

        private mutating func queueUp(_ key: Int) {
            guard waiting[key]?.isEmpty == false, running[key, default: 0] < limitPerKey else { return }
            if !turns.contains(key) { turns.append(key) }
        }

        mutating func append(_ item: Int, key: Int) {
            waiting[key, default: []].append(item)
            queueUp(key)
        }

        mutating func start() -> Int? {
            guard !turns.isEmpty else { return nil }
            let key = turns.removeFirst()
            running[key, default: 0] += 1
            defer { queueUp(key) }
            return waiting[key]?.removeFirst()
        }

        mutating func end(key: Int) {
            running[key, default: 0] -= 1
            queueUp(key)
        }
    }
}

extension QueueModel {
    /// Whether anything of a key waits or runs.
    fileprivate func isLive(_ key: Int) -> Bool { pending(key: key) + running(key: key) > 0 }
}
