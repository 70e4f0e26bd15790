/// Suggestions for misspelt names on the command line.
public enum NameHint {
    /// A suggestion to append to an error message; empty when nothing known is near.
    ///
    /// - Parameters:
    ///   - word: What was written.
    ///   - candidates: What could have been meant.
    /// - Returns: `; did you mean "x"?`, a short list of what is known, or nothing.
    public static func text(for word: String, among candidates: [String]) -> String {
        Spelling.hint(for: word, among: candidates)
    }
}
