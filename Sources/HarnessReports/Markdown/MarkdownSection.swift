/// A part of a Markdown report.
struct MarkdownSection {
    var title: String
    var lines: [String]
    /// Whether the part is folded away until the reader opens it.
    var isFolded = false
    /// What goes first when the report is too long: higher numbers go before lower ones; 0 always stays.
    var expendability = 0

    /// The section's Markdown; a section without lines is nothing.
    var text: String {
        guard !lines.isEmpty else { return "" }
        let body = lines.joined(separator: "\n")
        // A blank line after the summary lets the body be read as Markdown again.
        return isFolded
            ? "<details><summary>\(title)</summary>\n\n\(body)\n\n</details>\n" : "## \(title)\n\n\(body)\n"
    }

    /// The sections in order, joined to a text of at most `limit` characters.
    ///
    /// Whole sections are left out where it takes that, and named at the end.
    static func joined(_ sections: [MarkdownSection], limit: Int) -> String {
        var sections = sections.filter { !$0.lines.isEmpty }
        var dropped: [String] = []
        while true {
            let note =
                dropped.isEmpty
                ? ""
                : "*Left out for length: \(dropped.joined(separator: ", ")). The CSV files and `result.json` have it all.*\n"
            let text = (sections.map(\.text) + [note]).filter { !$0.isEmpty }.joined(separator: "\n")
            // Services that take Markdown count UTF-16 units.
            guard text.utf16.count > limit, let index = mostExpendable(of: sections) else { return text }
            dropped.append(sections.remove(at: index).title.lowercased())
        }
    }

    private static func mostExpendable(of sections: [MarkdownSection]) -> Int? {
        let candidate = sections.indices.max { sections[$0].expendability < sections[$1].expendability }
        return candidate.flatMap { sections[$0].expendability > 0 ? $0 : nil }
    }
}
