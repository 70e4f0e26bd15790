#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Student's distribution: how far the mean of few values strays, in standard errors that were estimated from them.
///
/// By the finite sums for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4).
public enum StudentT {
    /// The probability of more than a value.
    ///
    /// - Parameters:
    ///   - value: In standard errors.
    ///   - degreesOfFreedom: One less than there are values; at least 1.
    /// - Returns: From 0 to 1.
    public static func upperTail(_ value: Double, degreesOfFreedom: Int) -> Double {
        guard value >= 0 else { return 1 - upperTail(-value, degreesOfFreedom: degreesOfFreedom) }
        return max(0, (1 - central(value, max(1, degreesOfFreedom))) / 2)
    }

    /// The value that is exceeded with a probability.
    ///
    /// - Parameters:
    ///   - probability: Above 0 and below one half.
    ///   - degreesOfFreedom: One less than there are values; at least 1.
    /// - Returns: In standard errors.
    public static func value(exceededWith probability: Double, degreesOfFreedom: Int) -> Double {
        var (low, high) = (0.0, 1.0)
        while upperTail(high, degreesOfFreedom: degreesOfFreedom) > probability, high < 1e9 {
            (low, high) = (high, 2 * high)
        }
        while high - low > 1e-9 * high {
            let middle = (low + high) / 2
            if upperTail(middle, degreesOfFreedom: degreesOfFreedom) > probability {
                low = middle
            } else {
                high = middle
            }
        }
        return high
    }

    /// The probability of lying within a value on both sides.
    private static func central(_ value: Double, _ degrees: Int) -> Double {
        let angle = atan(value / Double(degrees).squareRoot())
        let (sine, cosine) = (sin(angle), cos(angle))
        let isOdd = degrees % 2 == 1
        guard degrees > 1 else { return 2 * angle / .pi }
        var term = isOdd ? cosine : 1
        var sum = term
        for factor in stride(from: isOdd ? 3 : 2, through: degrees - 2, by: 2) {
            term *= Double(factor - 1) / Double(factor) * cosine * cosine
            sum += term
        }
        return isOdd ? 2 / .pi * (angle + sine * sum) : sine * sum
    }
}
