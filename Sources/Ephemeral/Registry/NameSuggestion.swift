/// Finds the name that a misspelt one was probably meant to be.
enum NameSuggestion {
    /// The candidate with the smallest edit distance, when it is small for the length of the name.
    static func nearest(to name: String, among candidates: [String]) -> String? {
        // Names come from programs and may be of any length; nobody misspells a text.
        guard !name.isEmpty, name.utf8.count <= 200, candidates.count <= 500 else { return nil }
        let lowered = name.lowercased()
        let ranked = candidates.filter { !$0.isEmpty && $0.utf8.count <= 200 }
            .map { (name: $0, distance: distance(lowered, $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, name.count / 3) ? best.name : nil
    }

    /// The number of insertions, deletions and replacements between two words (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.unicodeScalars)
        var previous = Array(0...right.count)
        for (row, scalar) in left.unicodeScalars.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (scalar == other ? 0 : 1)
                current.append(min(previous[column + 1] + 1, current[column] + 1, replaced))
            }
            previous = current
        }
        return previous[right.count]
    }
}
