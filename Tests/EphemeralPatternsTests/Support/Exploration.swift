import Ephemeral
import EphemeralTime

/// What a program did wrong under one seed, which gives the same run again.
struct Finding: Error, CustomStringConvertible {
    let seed: UInt64
    let violations: [String]

    var description: String { "seed \(seed): \(violations.joined(separator: "; "))" }
}

/// Enough schedules for what goes wrong in few of them.
///
/// The thread sanitizer has nothing to find where one job runs at a time, and takes its time.
#if EPHEMERAL_THREAD_SANITIZER
    let manySeeds: Range<UInt64> = 0..<5
#else
    let manySeeds: Range<UInt64> = 0..<100
#endif

/// Runs a program in virtual time under many schedules.
///
/// - Parameters:
///   - seeds: What the schedules are drawn from.
///   - program: The program: it gets options on virtual time, and says what went wrong.
/// - Throws: ``Finding`` with the first seed under which something did, or what virtual time throws.
func explore(
    seeds: Range<UInt64> = manySeeds,
    _ program: @escaping @Sendable (_ options: EphemeralOptions, _ seed: UInt64) async throws -> [String]
) async throws {
    for seed in seeds {
        let time = VirtualTime(seed: seed)
        var options = EphemeralOptions(maxConcurrency: 4)
        (options.time, options.executor) = (time, time)
        do {
            let violations = try await time.run { [options] in try await program(options, seed) }
            guard violations.isEmpty else { throw Finding(seed: seed, violations: violations) }
        } catch let error as VirtualTimeError {
            throw Finding(seed: seed, violations: ["\(error.code): \(error.message)"])
        }
    }
}

extension Bool {
    /// The sentence that says what went wrong, unless this is true.
    func orElse(_ violation: @autoclosure () -> String) -> [String] { self ? [] : [violation()] }
}
