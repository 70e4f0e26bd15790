/// A point in civil time, as the time since 1970-01-01T00:00:00Z.
///
/// Wall time may jump; nothing is measured with it. It exists for people who read snapshots, reports and logs.
public struct WallTime: Hashable, Sendable {
    /// The time since the start of 1970 in UTC, without leap seconds.
    public var sinceUnixEpoch: Duration

    /// Creates a point in civil time.
    ///
    /// - Parameter sinceUnixEpoch: The time since the start of 1970 in UTC, without leap seconds.
    public init(sinceUnixEpoch: Duration) {
        self.sinceUnixEpoch = sinceUnixEpoch
    }
}

extension WallTime: Comparable {
    /// Whether one comes before the other.
    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.sinceUnixEpoch < right.sinceUnixEpoch
    }
}

extension WallTime: CustomStringConvertible {
    /// The time in ISO 8601 with milliseconds, in UTC: `2026-09-01T12:00:00.250Z`.
    public var description: String {
        let (seconds, attoseconds) = sinceUnixEpoch.components
        let (wholeDay, secondInDay) = Self.floored(seconds, by: 86_400)
        var day = wholeDay
        // Below zero both components are: the milliseconds may reach back into the day before.
        var inDay = secondInDay * 1000 + Self.floored(attoseconds, by: 1_000_000_000_000_000).quotient
        if inDay < 0 {
            inDay += 86_400_000
            day -= 1
        }
        let (year, month, dayOfMonth) = Self.civil(fromDays: day)
        let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60].map { padded($0, 2) }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T"
            + clock.joined(separator: ":") + ".\(padded(inDay % 1000, 3))Z"
    }

    /// Days since 1970 to a proleptic Gregorian date, by shifting the year to begin in March
    /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value.magnitude)
        return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
