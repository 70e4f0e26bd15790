internal import Ephemeral
internal import EphemeralTime

/// Counters: every operation is in exactly one place at every moment.
enum AccountingChecks {
    static let all = [countersAddUp, isDrainedIsTrueAtTheEndOnly, randomUse]

    static let countersAddUp = ConformanceCheck(
        "countersAddUpInEveryReading",
        "In every reading enqueued = pending + active + completed + failed + cancelled."
    ) { stage in
        let subject = try stage.subjectRunning(2) { [gate = stage.gate] item in
            try await gate.wait()
            if item.isMultiple(of: 3) { throw BodyFailure(item: item) }
        }
        let coordinator = subject.coordinator
        for item in 1...9 {
            try stage.enqueueOnly(item, to: subject)
            try stage.requireConsistency(coordinator)
        }
        try stage.run(look: { try stage.requireConsistency(coordinator) })
        try stage.require(coordinator.stats.enqueued, is: 9, "accepted items")
        try stage.require(coordinator.stats.active, is: 2, "running bodies")
        try stage.require(coordinator.stats.pending, is: 7, "queued items")
        for _ in 1...9 {
            stage.gate.release()
            try stage.run(look: { try stage.requireConsistency(coordinator) })
        }
        try stage.require(coordinator.stats.completed, is: 6, "completed operations")
        try stage.require(coordinator.stats.failed, is: 3, "failed operations")
        try stage.requireConsistency(coordinator)
    }

    static let isDrainedIsTrueAtTheEndOnly = ConformanceCheck(
        "isDrainedIsTrueAtTheEndOnly",
        "A coordinator is drained when its intake is closed and nothing is left, and not a moment sooner."
    ) { stage in
        let subject = try stage.subject()
        let coordinator = subject.coordinator
        try stage.require(!coordinator.isDrained, "an open coordinator is drained")
        for item in 1...3 { try stage.enqueueOnly(item, to: subject) }
        coordinator.finish()
        for _ in 0...3 {
            try stage.run(look: {
                try stage.require(
                    !coordinator.isDrained || stage.ends.count == 3,
                    "it is drained after \(stage.ends.count) of 3 operations"
                )
            })
            stage.gate.release()
        }
        try stage.require(coordinator.isDrained, "it is not drained after all operations have ended")
    }

    static let randomUse = ConformanceCheck(
        "everyOperationIsCountedOnceInRandomUse",
        "Whatever is done with a coordinator and in which order, no operation is lost, run twice or counted twice."
    ) { stage in
        for seed in 1...8 as ClosedRange<UInt64> {
            let walk = RandomUse(stage: stage.another(), seed: seed)
            do {
                try walk.run()
            } catch {
                walk.stage.end()
                throw error
            }
            walk.stage.end()
        }
    }
}

/// A long sequence of arbitrary uses of one coordinator.
private struct RandomUse {
    let stage: ConformanceStage
    let seed: UInt64
    private static let highestLimit = 4

    func run() throws {
        var random = SplitMix64(seed: seed)
        let subject = try stage.subject(2) {
            $0.enableDynamicConcurrency = true
            $0.maxTrackedOperations = 5
        } body: { [gate = stage.gate] item in
            try await gate.wait()
            if item.isMultiple(of: 4) { throw BodyFailure(item: item) }
        }
        var brought = 0
        for _ in 0..<300 {
            try step(subject, &random, &brought)
            try look(at: subject.coordinator)
        }
        try finish(subject, brought: brought)
    }

    private func step(_ subject: ConformanceStage.Subject, _ random: inout SplitMix64, _ brought: inout Int) throws {
        let coordinator = subject.coordinator
        switch random.next(below: 8) {
        case 0, 1:
            brought += 1
            try stage.enqueueOnly(brought, to: subject)
        case 2: coordinator.pause()
        case 3: coordinator.resume()
        case 4: try coordinator.setMaxConcurrency(1 + random.next(below: Self.highestLimit))
        case 5: stage.gate.release()
        case 6:
            if let operation = coordinator.snapshot().first {
                coordinator.pin(operation.id)
                coordinator.evict(operation.id)
                coordinator.unpin(operation.id)
            }
        default: for _ in 0..<random.next(below: 6) { stage.executor.runNext() }
        }
    }

    private func look(at coordinator: any Coordinator) throws {
        try stage.requireConsistency(coordinator)
        try stage.require(
            coordinator.stats.active <= Self.highestLimit && stage.meter.most <= Self.highestLimit,
            "\(stage.meter.most) bodies ran at once under limits up to \(Self.highestLimit)"
        )
        try stage.require(!coordinator.isDrained, "an open coordinator is drained")
    }

    private func finish(_ subject: ConformanceStage.Subject, brought: Int) throws {
        let coordinator = subject.coordinator
        coordinator.resume()
        coordinator.finish()
        try stage.open()
        let stats = coordinator.stats
        try stage.require(stage.starts.elements, is: (0..<brought).map { $0 + 1 }, "started items, seed \(seed)")
        try stage.require(stats.enqueued, is: brought, "accepted items, seed \(seed)")
        try stage.require(stats.failed, is: brought / 4, "failed operations, seed \(seed)")
        try stage.require(stats.completed, is: brought - brought / 4, "completed operations, seed \(seed)")
        try stage.require(coordinator.isDrained, "it is not drained at the end, seed \(seed)")
    }
}
