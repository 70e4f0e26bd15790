internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// Many tasks at once on the pool of the process, seeded: only what must hold in every interleaving is checked.
enum LoadChecks {
    static let all = [drainUnderLoad, shutdownUnderLoad]

    static let drainUnderLoad = ConformanceCheck(
        "underLoadEveryItemRunsOnce",
        "With many callers at once every accepted item runs once, and every reading adds up."
    ) { stage in
        for seed in 1...3 as ClosedRange<UInt64> { try await Load(stage: stage, seed: seed).run(endingEarly: false) }
    }

    static let shutdownUnderLoad = ConformanceCheck(
        "underLoadAShutdownAccountsForEverything",
        "A shutdown amid many callers leaves nothing running, and every accepted item is counted once."
    ) { stage in
        for seed in 1...3 as ClosedRange<UInt64> { try await Load(stage: stage, seed: seed).run(endingEarly: true) }
    }
}

/// Callers, a disturber and a reader at once.
private struct Load: Sendable {
    private static let callers = 4
    private static let share = 250
    private static let highestLimit = 4

    let stage: ConformanceStage
    let seed: UInt64
    private let ran = Journal<Int>()
    private let accepted = Journal<Int>()
    private let meter = RunningMeter()

    init(stage: ConformanceStage, seed: UInt64) {
        self.stage = stage
        self.seed = seed
    }

    func run(endingEarly isEndingEarly: Bool) async throws {
        var options = EphemeralOptions(maxConcurrency: 2)
        options.enableDynamicConcurrency = true
        options.queueCapacity = 32
        options.maxTrackedOperations = 16
        let subject = try stage.make(options) { [ran, meter, seed] item in
            meter.enter()
            defer { meter.leave() }
            ran.record(item)
            var random = SplitMix64(seed: seed &* 7919 &+ UInt64(item))
            if random.next(below: 5) == 0 { await Task.yield() }
            if random.next(below: 10) == 0 { throw BodyFailure(item: item) }
        }
        try await withThrowingTaskGroup { group in
            for caller in 0..<Self.callers { group.addTask { try await bring(caller, to: subject) } }
            group.addTask { try await disturb(subject.coordinator) }
            group.addTask { try await read(subject.coordinator) }
            if isEndingEarly {
                group.addTask {
                    _ = try await ran.first(Self.share)
                    await subject.coordinator.shutdown()
                }
            }
            try await group.waitForAll()
        }
        if !isEndingEarly { try await subject.coordinator.drain() }
        await subject.coordinator.shutdown()
        try judge(subject.coordinator.stats, endingEarly: isEndingEarly)
    }

    private func bring(_ caller: Int, to subject: CoordinatorConformance.Subject) async throws {
        for item in (caller * Self.share)..<((caller + 1) * Self.share) {
            do {
                try await subject.enqueue(item)
                accepted.record(item)
            } catch let error as CoordinatorError where error.code == .completed {
                return
            }
        }
    }

    private func disturb(_ coordinator: any Coordinator) async throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<Self.share {
            switch random.next(below: 4) {
            case 0: coordinator.pause()
            case 1: coordinator.resume()
            case 2: try coordinator.setMaxConcurrency(1 + random.next(below: Self.highestLimit))
            default: coordinator.snapshot().first.map { _ = coordinator.evict($0.id) }
            }
            await Task.yield()
        }
        coordinator.resume()
    }

    private func read(_ coordinator: any Coordinator) async throws {
        for _ in 0..<Self.share {
            try stage.requireConsistency(coordinator)
            await Task.yield()
        }
    }

    private func judge(_ stats: CoordinatorStats, endingEarly isEndingEarly: Bool) throws {
        let (ran, accepted) = (ran.elements, Set(accepted.elements))
        try stage.require(stats.pending + stats.active, is: 0, "operations left at the end, seed \(seed)")
        try stage.require(stats.enqueued, is: accepted.count, "accepted items, seed \(seed)")
        try stage.require(Set(ran).count, is: ran.count, "different items that ran, seed \(seed)")
        try stage.require(accepted.isSuperset(of: ran), "an item ran that was not accepted, seed \(seed)")
        try stage.require(stats.completed + stats.failed, is: ran.count, "operations that ended, seed \(seed)")
        try stage.require(stats.cancelled, is: accepted.count - ran.count, "cancelled operations, seed \(seed)")
        try stage.require(meter.most <= Self.highestLimit, "\(meter.most) bodies ran at once, seed \(seed)")
        if !isEndingEarly {
            try stage.require(ran.count, is: Self.callers * Self.share, "items that ran, seed \(seed)")
        }
    }
}
