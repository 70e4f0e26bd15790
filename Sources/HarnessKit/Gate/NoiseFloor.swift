#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// How much a figure seems to change when nothing changed, from the runs of the former build alone.
public enum NoiseFloor {
    /// The 95th percentile of the apparent change between two halves of equal runs, drawn many times.
    ///
    /// - Parameters:
    ///   - groups: Values of one build by process.
    ///   - seed: The seed of the draws.
    /// - Returns: A share of the value; `nil` for fewer than four values.
    public static func share(of groups: [[Double]], seed: UInt64 = 1) -> Double? {
        let values = groups.flatMap(\.self).filter { $0 > 0 }.map { log($0) }
        guard values.count >= 4 else { return nil }
        let random = CounterRandom(seed: seed, stream: "noise-floor")
        let changes = (0..<400).map { draw -> Double in
            let order = random.shuffled(values, draw: draw)
            let half = order.count / 2
            let first = OrderStatistics.median(Array(order[..<half])) ?? 0
            let second = OrderStatistics.median(Array(order[half...])) ?? 0
            return abs(first - second)
        }
        return OrderStatistics.quantile(0.95, ofSorted: changes.sorted()).map { exp($0) - 1 }
    }
}
