import HarnessKit

/// Quantities as text for people: three significant digits and a unit of fitting size.
enum QuantityText {
    /// What stands where nothing was measured.
    static let missing = "–"

    /// A value of a metric's unit.
    static func text(_ value: Double, unit: MetricUnit) -> String {
        guard value.isFinite else { return value.isNaN ? missing : value < 0 ? "-∞" : "∞" }
        return switch unit {
        case .count: count(value)
        case .seconds: seconds(value)
        case .perSecond: rate(value)
        case .ratio: percent(value)
        case .bytes: bytes(value)
        }
    }

    /// A metric, marked when it is a percentile of too few samples; a dash when there is none.
    static func text(_ metric: Metric?, name: String) -> String {
        guard let metric else { return missing }
        return text(metric.value, unit: metric.unit) + (MetricName(name).isThin(samples: metric.n) ? "†" : "")
    }

    /// A duration: `850 ns`, `1.20 ms`, `12.0 s`.
    static func seconds(_ value: Double) -> String {
        value == 0 ? "0 s" : scaled(value * 1e9, units: ["ns", "us", "ms", "s"])
    }

    /// A rate: `400 /s`, `7.61 M/s`.
    static func rate(_ value: Double) -> String {
        scaled(value, units: ["/s", "k/s", "M/s", "G/s"])
    }

    /// A size: `512 B`, `1.50 MiB`.
    static func bytes(_ value: Double) -> String {
        if value.magnitude < 1024, value == value.rounded() { return "\(NumberText.exact(value)) B" }
        return scaled(value, units: ["B", "KiB", "MiB", "GiB"], step: 1024)
    }

    /// A count or a mean of counts: whole numbers below 100 000 are exact, `1.50 M` beyond.
    static func count(_ value: Double) -> String {
        if value == value.rounded(), value.magnitude < 100_000 { return NumberText.exact(value) }
        return scaled(value, units: ["", "k", "M", "G"])
    }

    /// A share as percentage, with as many digits as it takes to tell 99.97 % from all and 0.03 % from none.
    static func percent(_ value: Double) -> String {
        let share = value * 100
        guard share < 100, share > 99 else { return "\(NumberText.significant(share)) %" }
        let digits = (3...8).first { NumberText.rounded(share, digits: $0) < 100 } ?? 8
        return "\(NumberText.significant(share, digits: digits)) %"
    }

    /// A signed percentage of two significant digits: `+22 %`, `-3.5 %`.
    static func signedPercent(_ value: Double) -> String {
        (value > 0 ? "+" : "") + "\(NumberText.significant(value * 100, digits: 2)) %"
    }

    /// A ratio to a baseline: `6.30x`.
    static func ratio(_ value: Double?) -> String {
        value.map { "\(NumberText.significant($0))x" } ?? missing
    }

    /// A value, given in the first unit, in the largest unit that keeps a digit before the point once it is rounded.
    private static func scaled(_ value: Double, units: [String], step: Double = 1000) -> String {
        var (value, index) = (value, 0)
        while index + 1 < units.count, NumberText.rounded(value).magnitude >= step {
            value /= step
            index += 1
        }
        let number = NumberText.significant(value)
        return units[index].isEmpty ? number : "\(number) \(units[index])"
    }
}
