import EphemeralTesting
import EphemeralTime

@testable import Ephemeral

extension StressedCoordinator {
    /// Brings items in every way there is, notes those that were accepted, and waits for some of them.
    func produce(_ producer: Int, count: Int, seed: UInt64) async {
        await withTaskGroup { group in
            var random = SplitMix64(seed: seed)
            for number in 0..<count {
                let item = StressLedger.item(producer, number)
                guard await isAccepted(item, &random) else { continue }
                ledger.noteAccepted(item)
                guard let awaitEnd, random.chance(percent: 30) else { continue }
                let isCancelled = random.chance(percent: 20)
                ledger.noteWaiter()
                group.addTask {
                    await wait(isCancelled: isCancelled) { try await awaitEnd(item) }
                    ledger.noteAnswer()
                }
            }
        }
    }

    private func wait(isCancelled: Bool, _ work: @escaping @Sendable () async throws -> Void) async {
        let waiter = Task(executorPreference: executor) { try await work() }
        if isCancelled { waiter.cancel() }
        await withTaskCancellationHandler {
            _ = await waiter.result
        } onCancel: {
            waiter.cancel()
        }
    }

    private func isAccepted(_ item: Int, _ random: inout SplitMix64) async -> Bool {
        if random.chance(percent: 15) { return tryEnqueue(item) }
        guard random.chance(percent: 8) else { return (try? await enqueue(item)) == true }
        let caller = Task(executorPreference: executor) { try await enqueue(item) }
        if random.chance(percent: 50) { await Task.yield() }
        caller.cancel()
        return (try? await caller.value) == true
    }

    /// Disturbs the coordinator in every way there is, and leaves it running.
    func disturb(times: Int, seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<times {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: coordinator.pause()
            case 1, 2: coordinator.resume()
            case 3: try coordinator.setMaxConcurrency(Int.random(in: 1...StressLoad.highestLimit, using: &random))
            case 4: sink.raise(["busy", "slow", "slow", "stop", "skip"].randomElement(using: &random) ?? "")
            case 5, 6: sink.retract(["busy", "slow", "stop", "skip"].randomElement(using: &random) ?? "")
            default: disturbWindow(&random)
            }
            await Task.yield()
        }
        coordinator.resume()
        for signal in ["busy", "slow", "stop", "skip"] { sink.retract(signal) }
        for operation in coordinator.snapshot() { coordinator.unpin(operation.id) }
    }

    private func disturbWindow(_ random: inout SplitMix64) {
        guard let operation = coordinator.snapshot().randomElement(using: &random) else { return }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: coordinator.evict(operation.id)
        case 1: coordinator.pin(operation.id)
        default: coordinator.unpin(operation.id)
        }
    }

    /// Reads what everybody may read at any time.
    func watch(times: Int, mayEnd: Bool) async {
        for number in 0..<times {
            let stats = coordinator.stats
            ledger.expect(stats.isConsistent, "the counters do not add up: \(stats)")
            ledger.expect(stats.active <= StressLoad.highestLimit, "\(stats.active) run")
            if !mayEnd { ledger.expect(!coordinator.isDrained, "drained although nobody asked for it") }
            if number % 64 == 0 {
                let idle = Task(executorPreference: executor) { try await coordinator.waitUntilIdle() }
                await Task.yield()
                idle.cancel()
                _ = await idle.result
            }
            await Task.yield()
        }
    }

    /// Everything at once, until all items have been brought.
    func run(items: Int, seed: UInt64) async throws {
        try await run(items: items, seed: seed, mayEnd: false)
    }

    /// The same, with a shutdown after so many bodies have begun, or at the end if it is never so many.
    func run(items: Int, seed: UInt64, shutdownAfter count: Int) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask {
                _ = try? await ledger.begun.first(count)
                await coordinator.shutdown()
            }
            try await run(items: items, seed: seed, mayEnd: true)
            group.cancelAll()
        }
    }

    private func run(items: Int, seed: UInt64, mayEnd: Bool) async throws {
        let share = max(1, items / StressLoad.producers)
        try await withThrowingTaskGroup { group in
            for producer in 0..<StressLoad.producers {
                group.addTask { await produce(producer, count: share, seed: seed &+ UInt64(producer)) }
            }
            group.addTask { try await disturb(times: share, seed: seed &* 31) }
            group.addTask { await watch(times: share, mayEnd: mayEnd) }
            try await group.waitForAll()
        }
    }
}
