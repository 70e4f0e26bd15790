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
    ///   - seed: The seed of the draws.
    /// - Returns: A share of the value; `nil` for fewer than four values, and where one is not above zero and others differ
    ///   from it: a share of nothing says nothing.
    public static func share(of groups: [[Double]], seed: UInt64 = 1) -> Double? {
        let values = groups.flatMap(\.self)
        guard values.count >= 4 else { return nil }
        if values.allSatisfy({ $0 == values[0] }) { return 0 }
        guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        let filled = groups.filter { !$0.isEmpty }
        let parts = (filled.count >= 4 ? filled : values.map { [$0] }).map { $0.map { log($0) } }
        let random = CounterRandom(seed: seed, stream: "noise-floor")
        let changes = (0..<400).map { draw -> Double in
            let order = random.shuffled(parts, draw: draw)
            let half = order.count / 2
            let first = OrderStatistics.median(order[..<half].flatMap(\.self)) ?? 0
            let second = OrderStatistics.median(order[half...].flatMap(\.self)) ?? 0
            return abs(first - second)
        }
        return OrderStatistics.quantile(0.95, ofSorted: changes.sorted()).map { exp($0) - 1 }
    }
}
