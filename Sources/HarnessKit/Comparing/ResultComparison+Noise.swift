extension ResultComparison.Cell {
    /// The cell with a word that heeds how much figures differ by chance.
    ///
    /// - Parameter noise: By what share the baseline's figure differs from itself.
    /// - Returns: The same cell where the difference is larger, or where none is claimed.
    func judged(with noise: Double) -> ResultComparison.Cell {
        guard let ratio, ratio > 0, verdict.claimsDifference else { return self }
        // A half is as far away as the double.
        guard max(ratio, 1 / ratio) <= 1 + noise else { return self }
        var cell = self
        cell.verdict = .unseen
        return cell
    }
}

extension ResultComparison.Word {
    /// Whether it says that two figures differ.
    var claimsDifference: Bool {
        switch self {
        case .better, .worse, .different: true
        case .reference, .same, .unclear, .unseen, .single, .missing: false
        }
    }
}

extension ResultComparison.Row {
    /// Whether two columns differ by more than chance explains.
    ///
    /// Figures of virtual time are exact. Beside the first column the verdict tells it; two further columns are told apart where
    /// their intervals do not overlap. No difference within the noise floor counts, and none between single runs.
    func tellsApart(_ one: Int, _ other: Int) -> Bool {
        guard cells.indices.contains(one), cells.indices.contains(other) else { return false }
        if cells[one].isOpen || cells[other].isOpen {
            return (cells[one].order(beside: cells[other], margin: noise ?? 0) ?? 0) != 0
        }
        guard let first = cells[one].value?.value,
            let second = cells[other].value?.value, first != second
        else { return false }
        if let noise, first > 0, second > 0, max(first / second, second / first) <= 1 + noise { return false }
        if cells[one].isExact == true, cells[other].isExact == true { return true }
        let verdict = cells[max(one, other)].verdict
        // A ratio to nothing has no verdict; the intervals are left.
        if min(one, other) == 0, verdict != .missing { return verdict.claimsDifference }
        guard let own = cells[one].interval, let others = cells[other].interval else { return false }
        return own.high < others.low || others.high < own.low
    }
}
