extension ResultComparison.Cell {
    /// The cell with a word that heeds how much figures differ by chance.
    ///
    /// - Parameter noise: By what share the baseline's figure differs from itself.
    /// - Returns: The same cell where the difference is larger, or where there is none to be judged.
    func judged(with noise: Double) -> ResultComparison.Cell {
        guard let ratio, verdict != .reference, verdict != .missing, ratio > 0 else { return self }
        // A half is as far away as the double.
        guard max(ratio, 1 / ratio) <= 1 + noise else { return self }
        var cell = self
        cell.verdict = .unseen
        return cell
    }
}
