/// Suggestions for misspelt names.
enum Spelling {
    /// `; did you mean "x"?` for the nearest candidate, or the list of a few candidates, or nothing.
    static func hint(for word: String, among candidates: [String]) -> String {
        if let nearest = nearest(to: word, among: candidates) { return "; did you mean \"\(nearest)\"?" }
        guard !candidates.isEmpty, candidates.count <= 12 else { return "" }
        return "; known: " + candidates.joined(separator: ", ")
    }

    /// The candidate with the smallest edit distance, when it is small for the length of the word.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        // A file may hold thousands of names and thousands of mistakes; no reader waits for so many suggestions.
        guard word.unicodeScalars.count <= 100, candidates.count <= 500 else { return nil }
        let lowered = word.lowercased()
        let ranked = candidates.map { (name: $0, distance: distance(lowered, $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, word.count / 3) ? best.name : nil
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between two words
    /// (optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, leftScalar) in left.enumerated() {
            var current = [row + 1]
            for (column, rightScalar) in right.enumerated() {
                let replaced = previous[column] + (leftScalar == rightScalar ? 0 : 1)
                var cost = min(previous[column + 1] + 1, current[column] + 1, replaced)
                if row > 0, column > 0, leftScalar == right[column - 1], left[row - 1] == rightScalar {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
