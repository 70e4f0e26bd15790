import Foundation
import Synchronization

/// What a stress run has brought to an atom, and what became of it.
final class AtomLedger: Sendable {
    static let producers = 8

    /// The number of items of all runs of a suite together.
    static var operations: Int {
        ProcessInfo.processInfo.environment["EPHEMERAL_STRESS_OPERATIONS"].flatMap { Int($0) } ?? 50_000
    }

    private struct Seen {
        var accepted: Set<Int> = []
        var begun: [Int: Int] = [:]
        var ended: [Int: Int] = [:]
        var dropped: [Int: Int] = [:]
        var running = 0
        var mostRunning = 0
    }

    private let seen = Mutex(Seen())

    var accepted: Set<Int> { seen.withLock { $0.accepted } }
    /// How often each item was begun.
    var begun: [Int: Int] { seen.withLock { $0.begun } }
    /// How often each item came to an end that counts.
    var ended: [Int: Int] { seen.withLock { $0.ended } }
    var dropped: [Int: Int] { seen.withLock { $0.dropped } }
    var mostRunning: Int { seen.withLock { $0.mostRunning } }

    func accept(_ item: Int) { seen.withLock { _ = $0.accepted.insert(item) } }
    func drop(_ item: Int) { seen.withLock { $0.dropped[item, default: 0] += 1 } }
    func end(_ item: Int) { seen.withLock { $0.ended[item, default: 0] += 1 } }

    /// A body begins.
    ///
    /// - Returns: The how manieth of the item it is.
    func begin(_ item: Int) -> Int {
        seen.withLock { seen in
            seen.begun[item, default: 0] += 1
            seen.running += 1
            seen.mostRunning = max(seen.mostRunning, seen.running)
            return seen.begun[item, default: 0]
        }
    }

    func leave() { seen.withLock { $0.running -= 1 } }

    /// Brings items from many tasks at once, and meanwhile does something else.
    func produce(
        _ count: Int,
        bring: @escaping @Sendable (_ item: Int) async throws -> Bool,
        meanwhile: @escaping @Sendable () async throws -> Void
    ) async throws {
        let share = max(1, count / Self.producers)
        try await withThrowingTaskGroup { group in
            for producer in 0..<Self.producers {
                group.addTask { [self] in
                    for item in (producer * share)..<((producer + 1) * share) {
                        if try await bring(item) { accept(item) }
                    }
                }
            }
            group.addTask { try await meanwhile() }
            try await group.waitForAll()
        }
    }
}

/// A number between 0 and 99 that belongs to an item and a seed.
func percentile(of item: Int, seed: UInt64) -> UInt64 {
    var mixed = (UInt64(bitPattern: Int64(item)) &+ seed &* 0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return (mixed ^ (mixed >> 31)) % 100
}
