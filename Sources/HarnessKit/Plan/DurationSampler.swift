internal import EphemeralTime

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// A distribution of durations, ready to draw from: parameters in nanoseconds, logarithms taken once.
enum DurationSampler: Sendable, Equatable {
    case constant(Int64)
    case uniform(min: Double, width: Double)
    case exponential(mean: Double)
    /// Of the logarithm of the nanoseconds.
    case lognormal(mean: Double, deviation: Double)

    init(_ distribution: DurationDistribution) {
        switch distribution {
        case .constant(let duration):
            self = .constant(max(0, duration.clampedNanoseconds))
        case .uniform(let min, let max):
            self = .uniform(min: Double(min.clampedNanoseconds), width: Double((max - min).clampedNanoseconds))
        case .exponential(let mean):
            self = .exponential(mean: Double(mean.clampedNanoseconds))
        case .lognormal(let median, let p99):
            let (median, p99) = (Double(median.clampedNanoseconds), Double(p99.clampedNanoseconds))
            guard median > 0, p99 > median else {
                self = .constant(Int64(Swift.max(0, median)))
                return
            }
            self = .lognormal(mean: log(median), deviation: log(p99 / median) / Self.normalQuantile99)
        }
    }

    /// Draws the value that a word of a stream stands for, in nanoseconds, at least 0.
    @inline(__always)
    func sample(_ word: @autoclosure () -> UInt64) -> Int64 {
        if case .constant(let value) = self { return value }
        return draw(word())
    }

    private func draw(_ word: UInt64) -> Int64 {
        let value: Double
        switch self {
        case .constant(let nanoseconds):
            return nanoseconds
        case .uniform(let min, let width):
            value = min + width * word.unitInterval
        case .exponential(let mean):
            value = -mean * log1p(-word.unitInterval)
        case .lognormal(let mean, let deviation):
            value = exp(mean + deviation * Self.normal(word))
        }
        return value < Self.longest ? Int64(Swift.max(0, value)) : Int64(Self.longest)
    }

    /// A standard normal value by Box and Muller's transform (1958) of two words that `word` seeds.
    private static func normal(_ word: UInt64) -> Double {
        let stream = CounterRandom(key: word)
        let radius = (-2 * log1p(-stream.word(0).unitInterval)).squareRoot()
        return radius * cos(2 * .pi * stream.word(1).unitInterval)
    }

    /// 1000 days: the tail of a distribution must not overflow sums of durations.
    private static let longest = 8.64e16
    /// Φ⁻¹(0.99).
    private static let normalQuantile99 = 2.326_347_874_040_841
}

extension DurationDistribution {
    /// The expected duration in seconds.
    var meanSeconds: Double {
        switch self {
        case .constant(let duration): duration.inSeconds
        case .uniform(let min, let max): (min.inSeconds + max.inSeconds) / 2
        case .exponential(let mean): mean.inSeconds
        case .lognormal:
            if case .lognormal(let mean, let deviation) = DurationSampler(self) {
                exp(mean + deviation * deviation / 2) / 1e9
            } else if case .constant(let nanoseconds) = DurationSampler(self) {
                Double(nanoseconds) / 1e9
            } else {
                0
            }
        }
    }
}
