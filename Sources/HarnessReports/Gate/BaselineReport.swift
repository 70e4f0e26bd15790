public import HarnessKit

/// How a result stands to its baseline.
public enum BaselineReport {
    /// A row in one line: `✗ work, completed: 20 before, 19 now`.
    public static func line(_ row: RegressionRow) -> String {
        let figures = row.detail ?? "\(row.baseText) before, \(row.headText) now"
        let change = row.ratio == nil || row.tier == .exact ? "" : ", \(row.changeText)"
        return PlainText.line("\(row.mark) \(row.target), \(row.quantity): \(figures)\(change)", limit: 300)
    }

    /// The lines that a reader wants: what differs and must not, and the figures of the real clock.
    static func lines(of result: RunResult) -> [String] {
        guard let rows = result.regressions else { return [] }
        let exact = rows.filter { $0.tier == .exact && $0.verdict != .unmeasured }
        let equal = exact.count { $0.verdict == .same }
        let shown = rows.filter { row in
            if row.quantity == RegressionRow.baseline { return true }
            return row.tier == .exact ? row.verdict != .same && row.verdict != .unmeasured : row.ratio != nil
        }
        return (exact.isEmpty ? [] : ["\(equal) of \(PlainText.counted(exact.count, "exact figure")) as before"])
            + shown.map(line)
    }
}
