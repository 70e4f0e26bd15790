/// Intervals by resampling: how a median would scatter if the samples had been drawn again.
///
/// Percentile bootstrap (Efron 1979). Resamples are drawn from a seed, so that equal samples give equal intervals.
public struct Bootstrap: Sendable {
    /// How often samples are drawn anew.
    public var replicates: Int
    private let random: CounterRandom

    /// Creates a bootstrap.
    ///
    /// - Parameters:
    ///   - seed: The seed of all draws.
    ///   - replicates: How often samples are drawn anew; at least one.
    public init(seed: UInt64 = 1, replicates: Int = 2000) {
        random = CounterRandom(seed: seed, stream: "bootstrap")
        self.replicates = max(1, replicates)
    }

    /// The interval of a median.
    ///
    /// - Parameters:
    ///   - values: Independent samples.
    ///   - confidence: The share of resampled medians that the interval holds.
    /// - Returns: The interval; `nil` for fewer than two samples.
    public func medianInterval(of values: [Double], confidence: Double = 0.95) -> ConfidenceInterval? {
        medianInterval(of: values.map { [$0] }, confidence: confidence)
    }

    /// The interval of the median of samples that come in groups.
    ///
    /// Groups are drawn first and then samples within them: samples of one process resemble each other, so that a process
    /// and not a sample is what is repeated (Kalibera and Jones, ISMM 2013).
    ///
    /// - Parameters:
    ///   - groups: Samples by group; empty groups do not count.
    ///   - confidence: The share of resampled medians that the interval holds.
    /// - Returns: The interval; `nil` for fewer than two groups.
    public func medianInterval(of groups: [[Double]], confidence: Double = 0.95) -> ConfidenceInterval? {
        let groups = groups.filter { !$0.isEmpty }
        guard groups.count > 1 else { return nil }
        return Self.interval(of: medians(of: groups), confidence: confidence)
    }

    /// The interval of the ratio of two medians whose samples were taken independently.
    ///
    /// - Parameters:
    ///   - groups: Samples by group of what is compared.
    ///   - reference: Samples by group of what it is compared with.
    ///   - confidence: The share of resampled ratios that the interval holds.
    /// - Returns: The interval; `nil` for fewer than two groups on a side, or when a median of the reference is zero.
    public func ratioInterval(
        of groups: [[Double]],
        to reference: [[Double]],
        confidence: Double = 0.95
    ) -> ConfidenceInterval? {
        let groups = groups.filter { !$0.isEmpty }
        let reference = reference.filter { !$0.isEmpty }
        guard groups.count > 1, reference.count > 1 else { return nil }
        let denominators = medians(of: reference, stream: 1)
        guard denominators.allSatisfy({ $0 != 0 }) else { return nil }
        let ratios = zip(medians(of: groups), denominators).map { $0 / $1 }
        return Self.interval(of: ratios, confidence: confidence)
    }

    /// Resampled medians, one per replicate, in no order that means anything.
    func medians(of groups: [[Double]], stream: Int = 0) -> [Double] {
        var drawn: [Double] = []
        return (0..<replicates).map { replicate in
            var words = DrawnWords(random: CounterRandom(key: random.word(replicate, part: stream)))
            drawn.removeAll(keepingCapacity: true)
            for _ in groups.indices {
                let group = groups[words.next(below: groups.count)]
                // Of a single value nothing is left to be drawn.
                guard group.count > 1 else {
                    drawn.append(group[0])
                    continue
                }
                for _ in group.indices { drawn.append(group[words.next(below: group.count)]) }
            }
            return OrderStatistics.median(drawn) ?? 0
        }
    }

    /// The middle share of resampled values.
    static func interval(of replicates: [Double], confidence: Double) -> ConfidenceInterval? {
        let sorted = replicates.sorted()
        let tail = (1 - confidence) / 2
        guard let low = OrderStatistics.quantile(tail, ofSorted: sorted),
            let high = OrderStatistics.quantile(1 - tail, ofSorted: sorted)
        else { return nil }
        return ConfidenceInterval(low: low, high: high)
    }

    /// Random words one after another.
    private struct DrawnWords {
        let random: CounterRandom
        var drawn = 0

        mutating func next(below count: Int) -> Int {
            defer { drawn += 1 }
            return random.word(drawn).scaled(to: count)
        }
    }
}
