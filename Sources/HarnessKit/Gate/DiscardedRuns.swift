/// How often runs of each build did not count while the other build's did.
///
/// A machine that is busy hits both alike: where the new build's runs alone do not count, the build is the reason.
public struct DiscardedRuns: Sendable, Equatable {
    private var pairs = 0
    private var base = 0
    private var head = 0
    private var reason: String?

    /// The probability below which the difference is no chance.
    private static let significance = 0.005

    /// Creates an empty count.
    public init() {}

    /// Counts a pair.
    ///
    /// - Parameters:
    ///   - base: Why the former build's run does not count; empty when it does.
    ///   - head: Why the new build's does not.
    public mutating func count(base: [String], head: [String]) {
        pairs += 1
        switch (base.first, head.first) {
        case (nil, let objection?):
            self.head += 1
            reason = reason ?? objection
        case (_?, nil): self.base += 1
        default: break
        }
    }

    /// Both counts together.
    public static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.pairs += right.pairs
        sum.base += right.base
        sum.head += right.head
        sum.reason = left.reason ?? right.reason
        return sum
    }

    /// A row where the new build's runs do not count more often than chance explains; `nil` where there is nothing to tell.
    public func row(of subject: GateSubject) -> RegressionRow? {
        guard let reason, chance < Self.significance else { return nil }
        return subject.row(
            RegressionRow.validity,
            .regressed,
            "\(head) of \(pairs) runs of the head build do not count while the base build's do (\(base) the other way "
                + "round): \(reason)"
        )
    }

    /// The probability of at least so many on the new build's side if a coin decided (sign test).
    var chance: Double {
        let count = base + head
        // From the least probable on; the shares of all outcomes, built one from the other, never leave the numbers.
        var share = 1.0
        for _ in 0..<count { share /= 2 }
        guard share > 0 else { return head > base ? 0 : 1 }
        var sum = 0.0
        for ones in stride(from: count, through: head, by: -1) {
            sum += share
            share *= Double(ones) / Double(count - ones + 1)
        }
        return sum
    }
}
