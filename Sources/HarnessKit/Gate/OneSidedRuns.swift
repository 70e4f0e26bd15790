#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// How often something happens to one build's run of a pair and not to the other's, by process.
///
/// A process counts once, by the build that it happens to more often there: its runs share what they are lucky with.
struct OneSidedRuns: Sendable, Equatable {
    /// How often it happened to the former build alone.
    private(set) var base = 0
    /// How often it happened to the new build alone.
    private(set) var head = 0
    /// How much more often to the new build, by process.
    private var leaning: [Int: Int] = [:]

    /// The probability at which more than chance is suspected.
    static let suspicion = 0.05
    /// The probability at which fresh processes bear a suspicion out: three that lean alike, and none the other way.
    static let repetition = 0.125

    /// Counts a pair.
    ///
    /// - Parameters:
    ///   - isBase: Whether it happened to the former build's run.
    ///   - isHead: Whether it happened to the new one's.
    ///   - process: The number of the process.
    mutating func count(base isBase: Bool, head isHead: Bool, in process: Int) {
        guard isBase != isHead else { return }
        base += isBase ? 1 : 0
        head += isHead ? 1 : 0
        leaning[process, default: 0] += isHead ? 1 : -1
    }

    /// In how many processes it happened more often to the new build.
    var headProcesses: Int { leaning.values.count { $0 > 0 } }

    /// The probability of at least so many processes on the new build's side if a coin decided each (sign test).
    var chance: Double {
        let heads = headProcesses
        let count = heads + leaning.values.count { $0 < 0 }
        // From the least probable outcome on, in logarithms to the base 2: the shares of many coins are too small for numbers.
        var share = -Double(count)
        var sum = 0.0
        for ones in stride(from: count, through: heads, by: -1) {
            sum += exp2(share)
            share += log2(Double(ones)) - log2(Double(count - ones + 1))
        }
        return min(1, sum)
    }
}
