import EphemeralTesting
import EphemeralTime
import Synchronization

@testable import Ephemeral

/// A coordinator of one kind under stress: how it is made and brought items, and what it promises.
struct StressedCoordinator: Sendable {
    enum Kind: CaseIterable {
        case work, keyed, fairKeyed, result, priority, keyedPriority
    }

    let kind: Kind
    let ledger = StressLedger()
    let sink: SignalSink
    /// Where every task of the run belongs; `nil` is the global pool.
    let executor: (any TaskExecutor)?
    let coordinator: any ControlledCoordinator
    let enqueue: @Sendable (_ item: Int) async throws -> Bool
    let tryEnqueue: @Sendable (_ item: Int) -> Bool
    /// Waits for what became of an accepted item, where that is possible.
    let awaitEnd: (@Sendable (_ item: Int) async throws -> Void)?

    static let lanes = ["urgent", "normal", "bulk"]
    static func lane(of item: Int) -> String { lanes[StressLedger.lane(of: item)] }

    /// A coordinator whose bodies do what is drawn from a seed, in virtual time or on the machine.
    init(_ kind: Kind, seed: UInt64, in virtual: VirtualTime? = nil) throws {
        self.kind = kind
        executor = virtual
        let time: any TimeSource = virtual ?? .system
        let sink = SignalSink(maxAge: .milliseconds(5), time: time)
        self.sink = sink
        var options = Self.options(kind, sink)
        options.executor = virtual
        options.time = time
        let body = Self.body(ledger, seed: seed, sleeping: virtual)
        let ledger = ledger
        let onDiscard: @Sendable (Int) -> Void = { ledger.noteDiscarded($0) }
        switch kind {
        case .work:
            let made = try WorkCoordinator<Int>(options: options, onDiscard: onDiscard, body: body)
            coordinator = made
            enqueue = { item in
                _ = try await made.enqueue(item)
                return true
            }
            tryEnqueue = { made.tryEnqueue($0) }
            awaitEnd = nil
        case .keyed, .fairKeyed:
            let made = try KeyedWorkCoordinator<Int, Int>(
                options: options,
                key: StressLedger.key(of:),
                onDiscard: onDiscard,
                body: body
            )
            coordinator = made
            enqueue = { item in
                _ = try await made.enqueue(item)
                return true
            }
            tryEnqueue = { made.tryEnqueue($0) }
            awaitEnd = nil
        case .result:
            let made = try ResultCoordinator<Int, Int>(options: options) { item, context in
                try await body(item, context)
                return item * 2
            }
            let ids = Identities()
            coordinator = made
            enqueue = { item in
                ids[item] = try await made.enqueue(item)
                return true
            }
            tryEnqueue = { item in
                ids[item] = made.tryEnqueue(item)
                return ids[item] != nil
            }
            awaitEnd = { item in
                guard let id = ids[item] else { return }
                let result = try await made.waitForResult(id)
                if let output = result.output {
                    ledger.expect(output == item * 2, "the result of \(item) is \(output)")
                }
            }
        case .priority:
            let made = try PriorityWorkCoordinator<Int>(
                lanes: Self.lanes(sink),
                options: options,
                agingInterval: seed % 2 == 0 ? .microseconds(100) : nil,
                onDiscard: onDiscard,
                body: body
            )
            coordinator = made
            enqueue = { try await made.enqueue($0, lane: Self.lane(of: $0)) }
            tryEnqueue = { (try? made.tryEnqueue($0, lane: Self.lane(of: $0))) == true }
            awaitEnd = nil
        case .keyedPriority:
            let made = try KeyedPriorityWorkCoordinator<Int, Int>(
                lanes: Self.lanes(sink),
                options: options,
                key: StressLedger.key(of:),
                onDiscard: onDiscard,
                body: body
            )
            coordinator = made
            enqueue = { try await made.enqueue($0, lane: Self.lane(of: $0)) }
            tryEnqueue = { (try? made.tryEnqueue($0, lane: Self.lane(of: $0))) == true }
            awaitEnd = nil
        }
    }

    private static func options(_ kind: Kind, _ sink: SignalSink) -> EphemeralOptions {
        var options = EphemeralOptions(maxConcurrency: 4)
        options.enableDynamicConcurrency = true
        options.queueCapacity = 48
        options.maxTrackedOperations = 32
        options.keys.maxConcurrencyPerKey = kind == .fairKeyed ? 2 : 1
        options.keys.enableFairScheduling = kind == .fairKeyed
        options.keys.fairSchedulingThreshold = 4
        options.signals.sink = sink
        options.signals.deferOn = ["busy"]
        options.signals.maxDeferAttempts = 2
        options.signals.deferCheckInterval = .microseconds(50)
        if kind == .keyed { options.signals.cancelOn = ["skip"] }
        return options
    }

    private static func lanes(_ sink: SignalSink) -> [PriorityLane] {
        var (urgent, normal) = (PriorityLane(lanes[0], maxConcurrency: 1), PriorityLane(lanes[1], maxDepth: 20))
        let bulk = PriorityLane(lanes[2], maxConcurrency: 3)
        urgent.deferOn = ["slow"]
        urgent.maxDeferAttempts = 3
        urgent.deferCheckInterval = .microseconds(100)
        normal.cancelOn = ["stop"]
        normal.deferOn = ["slow"]
        normal.maxDeferAttempts = nil
        return [urgent, normal, bulk]
    }

    private static func body(
        _ ledger: StressLedger,
        seed: UInt64,
        sleeping time: VirtualTime?
    ) -> @Sendable (_ item: Int, _ context: OperationContext) async throws -> Void {
        { item, context in
            ledger.begin(item)
            defer { ledger.end(item) }
            var random = SplitMix64(seed: seed ^ UInt64(item))
            if random.chance(percent: 20) { await Task.yield() }
            if let time, random.chance(percent: 30) {
                try? await time.sleep(for: .microseconds(Int.random(in: 1...200, using: &random)))
            }
            if random.chance(percent: 1) {
                context.emit("busy")
                await Task.yield()
                if random.chance(percent: 90) { context.retract("busy") }
            }
            if random.chance(percent: 5) { throw Failure(number: item) }
        }
    }

    /// The most bodies of one key, and of each lane, that may run at a time; `nil` where there is no limit.
    var limitPerKey: Int? {
        switch kind {
        case .keyed, .keyedPriority: 1
        case .fairKeyed: 2
        case .work, .result, .priority: nil
        }
    }

    var limitPerLane: [Int?] {
        kind == .priority || kind == .keyedPriority ? [1, nil, 3] : []
    }

    /// Keys of which something is kept; 0 where there are none.
    var keptKeys: Int {
        guard let engine = coordinator.control.engine as? WorkEngine<KeyedQueue<Int, Int>> else { return 0 }
        return engine.withWholeState { $0.queue.keys.count }
    }

    /// The identities of accepted items.
    private final class Identities: Sendable {
        private let ids = Mutex<[Int: OperationID]>([:])

        subscript(_ item: Int) -> OperationID? {
            get { ids.withLock { $0[item] } }
            set { ids.withLock { $0[item] = newValue } }
        }
    }
}

extension SplitMix64 {
    /// Whether an event of this percentage happens.
    mutating func chance(percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
