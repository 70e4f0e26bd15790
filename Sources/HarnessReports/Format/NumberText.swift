/// Numbers as text, the same on every machine: a point for decimals, no grouping, no locale.
enum NumberText {
    /// A number with a fixed count of decimals, halves rounded away from zero.
    ///
    /// - Parameters:
    ///   - value: The number.
    ///   - decimals: Digits after the point, from 0 to 9.
    /// - Returns: The number with exactly that many digits after the point.
    static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return nonFinite(value) }
        let digits = min(max(decimals, 0), 9)
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let scaled = (value.magnitude * scale).rounded(.toNearestOrAwayFromZero)
        // Beyond 2^53 a number has no digits after the point that mean anything.
        guard scaled < 9_007_199_254_740_992 else { return "\(value)" }
        let units = String(Int64(scaled))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + units }
        let padded = String(repeating: "0", count: max(0, digits + 1 - units.count)) + units
        return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }

    /// A number with three significant digits; digits before the point are never dropped: `0.0123`, `1.23`, `12345`.
    static func significant(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite else { return nonFinite(value) }
        guard value != 0 else { return "0" }
        return fixed(value, decimals: decimals(of: value, digits: digits))
    }

    /// The shortest text that reads back as the same number.
    static func exact(_ value: Double) -> String {
        guard value.isFinite else { return nonFinite(value) }
        if value == value.rounded(), value.magnitude < 9_007_199_254_740_992 { return "\(Int64(value))" }
        return "\(value)"
    }

    /// A number rounded to significant digits, for choosing a unit before it is written.
    static func rounded(_ value: Double, digits: Int = 3) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let decimals = decimals(of: value, digits: digits)
        let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
        return (value * scale).rounded(.toNearestOrAwayFromZero) / scale
    }

    /// How many digits after the point make `digits` significant ones, from 0 to 9.
    private static func decimals(of value: Double, digits: Int) -> Int {
        var decimals = digits - 1
        var magnitude = value.magnitude
        while magnitude >= 10, decimals > 0 {
            magnitude /= 10
            decimals -= 1
        }
        while magnitude < 1, decimals < 9 {
            magnitude *= 10
            decimals += 1
        }
        // 9.996 becomes 10.0, not 10.00.
        let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
        let carried = (value.magnitude * scale).rounded(.toNearestOrAwayFromZero)
        let ceiling = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        return carried >= ceiling && decimals > 0 ? decimals - 1 : decimals
    }

    private static func nonFinite(_ value: Double) -> String {
        value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    }
}
