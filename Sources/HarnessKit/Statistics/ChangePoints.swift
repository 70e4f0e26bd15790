#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Where the level of a series changes: the cheapest of all ways to cut it (Jackson and others 2005), which is what PELT
/// (Killick, Fearnhead and Eckley, JASA 2012) finds in longer series.
///
/// Values are scaled by their noise, which is taken from the differences of neighbours, so that a few changes of level do
/// not count as noise.
public enum ChangePoints {
    /// The segments between changes.
    ///
    /// - Parameters:
    ///   - values: Values at equal distances.
    ///   - shortest: The least number of values between two changes.
    ///   - penalty: What a change must explain to count, in units of the noise's variance; 3 log n when `nil`.
    /// - Returns: Ranges of indices that cover the series in order; a single one where nothing changes.
    public static func segments(of values: [Double], shortest: Int = 3, penalty: Double? = nil) -> [Range<Int>] {
        let count = values.count
        let shortest = max(1, shortest)
        guard count >= 2 * shortest, let noise = noise(of: values) else {
            return count > 0 ? [0..<count] : []
        }
        let costs = SegmentCosts(values, noise: noise)
        let penalty = penalty ?? 3 * log(Double(count))
        // Of all ways to cut the first `end` values: the least cost, and where its last segment begins.
        var least = Array(repeating: Double.infinity, count: count + 1)
        var beginning = Array(repeating: 0, count: count + 1)
        least[0] = -penalty
        for end in shortest...count {
            for start in 0...(end - shortest) where least[start] < .infinity {
                let cost = least[start] + costs.cost(of: start..<end) + penalty
                if cost < least[end] {
                    least[end] = cost
                    beginning[end] = start
                }
            }
        }
        var segments: [Range<Int>] = []
        var end = count
        while end > 0 {
            segments.append(beginning[end]..<end)
            end = beginning[end]
        }
        return segments.reversed()
    }

    /// The standard deviation of the values about their level, from the differences of neighbours; `nil` when they are all
    /// equal.
    static func noise(of values: [Double]) -> Double? {
        let differences = zip(values, values.dropFirst()).map { abs($1 - $0) }
        // 1.4826 makes a median absolute deviation the standard deviation of normal values.
        let typical = (OrderStatistics.median(differences) ?? 0) * 1.4826 / 2.0.squareRoot()
        if typical > 0 { return typical }
        let mean = OrderStatistics.mean(differences) ?? 0
        return mean > 0 ? mean : nil
    }

    /// Sums of squares about segments' means, in constant time.
    private struct SegmentCosts {
        private var sums = [0.0]
        private var squares = [0.0]

        init(_ values: [Double], noise: Double) {
            let centre = OrderStatistics.median(values) ?? 0
            for value in values {
                let scaled = (value - centre) / noise
                sums.append((sums.last ?? 0) + scaled)
                squares.append((squares.last ?? 0) + scaled * scaled)
            }
        }

        func cost(of range: Range<Int>) -> Double {
            let sum = sums[range.upperBound] - sums[range.lowerBound]
            let square = squares[range.upperBound] - squares[range.lowerBound]
            return max(0, square - sum * sum / Double(range.count))
        }
    }
}
