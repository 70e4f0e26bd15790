import Ephemeral
import EphemeralTesting
import EphemeralTime
import Foundation
import Synchronization

/// What a stress run does to a coordinator, and what it has seen.
final class StressLoad: Sendable {
    static let producers = 8
    static let highestLimit = 6

    /// The number of operations of all runs of a test together.
    static var operations: Int {
        ProcessInfo.processInfo.environment["EPHEMERAL_STRESS_OPERATIONS"].flatMap { Int($0) } ?? 50_000
    }

    private struct Seen {
        var accepted: Set<Int> = []
        var runs: [Int: Int] = [:]
        var running = 0
        var mostRunning = 0
    }

    private let seen = Mutex(Seen())
    let begun = Journal<Int>()
    let sink = SignalSink(maxAge: .milliseconds(5))

    var accepted: Set<Int> { seen.withLock { $0.accepted } }
    var runs: [Int: Int] { seen.withLock { $0.runs } }
    var mostRunning: Int { seen.withLock { $0.mostRunning } }

    func coordinator(seed: UInt64) throws -> WorkCoordinator<Int> {
        var options = EphemeralOptions(maxConcurrency: 4)
        options.enableDynamicConcurrency = true
        options.queueCapacity = 64
        options.maxTrackedOperations = 32
        options.signals.sink = sink
        options.signals.deferOn = ["busy"]
        options.signals.maxDeferAttempts = 2
        options.signals.deferCheckInterval = .microseconds(50)
        return try WorkCoordinator(options: options) { [self] item, context in
            begin(item)
            defer { seen.withLock { $0.running -= 1 } }
            var random = SplitMix64(seed: seed ^ UInt64(item))
            if random.chance(percent: 20) { await Task.yield() }
            if random.chance(percent: 2) {
                context.emit("busy")
                await Task.yield()
                if random.chance(percent: 90) { context.retract("busy") }
            }
            if random.chance(percent: 5) { throw Failure(number: item) }
        }
    }

    private func begin(_ item: Int) {
        seen.withLock { seen in
            seen.runs[item, default: 0] += 1
            seen.running += 1
            seen.mostRunning = max(seen.mostRunning, seen.running)
        }
        begun.record(item)
    }

    /// Brings items in every way there is, and notes those that were accepted.
    func produce(_ items: Range<Int>, into coordinator: WorkCoordinator<Int>, seed: UInt64) async {
        var random = SplitMix64(seed: seed)
        for item in items {
            if await isAccepted(item, by: coordinator, &random) { seen.withLock { _ = $0.accepted.insert(item) } }
        }
    }

    private func isAccepted(
        _ item: Int,
        by coordinator: WorkCoordinator<Int>,
        _ random: inout SplitMix64
    ) async -> Bool {
        if random.chance(percent: 15) { return coordinator.tryEnqueue(item) }
        let isCancelled = random.chance(percent: 8)
        guard isCancelled else { return (try? await coordinator.enqueue(item)) != nil }
        let caller = Task { try await coordinator.enqueue(item) }
        caller.cancel()
        return (try? await caller.value) != nil
    }

    /// Disturbs a coordinator in every way there is, and leaves it running.
    func disturb(_ coordinator: WorkCoordinator<Int>, times: Int, seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<times {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: coordinator.pause()
            case 1: coordinator.resume()
            case 2: try coordinator.setMaxConcurrency(Int.random(in: 1...Self.highestLimit, using: &random))
            case 3: sink.raise("busy")
            case 4: sink.retract("busy")
            default: _ = coordinator.snapshot().randomElement(using: &random).map { coordinator.evict($0.id) }
            }
            await Task.yield()
        }
        coordinator.resume()
        sink.retract("busy")
    }
}
