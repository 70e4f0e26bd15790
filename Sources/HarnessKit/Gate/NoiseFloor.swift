#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// How much a figure seems to change when nothing changed, from the runs of the former build alone.
public enum NoiseFloor {
    /// The 95th percentile of the apparent change between two halves of equal runs, drawn many times.
    ///
    /// Four processes or more are drawn as wholes: what values of one process share would otherwise be in both halves, and
    /// cancel out. Of fewer, single values are drawn.
    ///
    /// - Parameters:
    ///   - groups: Values of one build by process.
    ///   - isWhole: Whether sets of as many runs as these are to be compared, and not of half as many: those scatter less, by
    ///     the square root of 2 where the halves are equal, as the error of a mean falls with the root of its parts' number.
    ///   - seed: The seed of the draws.
    /// - Returns: A share of the value; `nil` for fewer than four values, and where one is not above zero and others differ
    ///   from it: a share of nothing says nothing.
    public static func share(of groups: [[Double]], whole isWhole: Bool = false, seed: UInt64 = 1) -> Double? {
        let values = groups.flatMap(\.self)
        guard values.count >= 4 else { return nil }
        if values.allSatisfy({ $0 == values[0] }) { return 0 }
        guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        let filled = groups.filter { !$0.isEmpty }
        let parts = (filled.count >= 4 ? filled : values.map { [$0] }).map { $0.map { log($0) } }
        let random = CounterRandom(seed: seed, stream: "noise-floor")
        let half = parts.count / 2
        let excess = (Double(parts.count) / Double(half) + Double(parts.count) / Double(parts.count - half)) / 2
        let scale = isWhole ? 1 / excess.squareRoot() : 1
        let changes = (0..<400).map { draw -> Double in
            let order = random.shuffled(parts, draw: draw)
            let first = OrderStatistics.median(order[..<half].flatMap(\.self)) ?? 0
            let second = OrderStatistics.median(order[half...].flatMap(\.self)) ?? 0
            return scale * abs(first - second)
        }
        return OrderStatistics.quantile(0.95, ofSorted: changes.sorted()).map { exp($0) - 1 }
    }
}
