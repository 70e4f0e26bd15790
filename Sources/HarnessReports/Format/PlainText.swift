/// Text of unknown origin, made fit for a terminal.
enum PlainText {
    /// The text on one line, without control characters: an error message may hold escape sequences.
    static func line(_ text: String, limit: Int = 500) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line.unicodeScalars.append(" ")
            // Direction marks and zero-width characters reorder or hide what stands beside them.
            case .format, .surrogate, .privateUse, .unassigned: line.unicodeScalars.append("\u{FFFD}")
            default: line.unicodeScalars.append(scalar)
            }
        }
        return truncated(line, to: limit)
    }

    /// At most `limit` characters, with an ellipsis where text was cut.
    static func truncated(_ text: String, to limit: Int) -> String {
        text.count <= limit ? text : text.prefix(max(0, limit - 1)) + "…"
    }

    /// The words of a line, broken into lines of at most `width` characters.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var current = ""
        for word in text.split(separator: " ") {
            var rest = word
            if !current.isEmpty, current.count + 1 + rest.count > width {
                lines.append(current)
                current = ""
            }
            while rest.count > width {
                lines.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
            current += (current.isEmpty ? "" : " ") + rest
        }
        return current.isEmpty && !lines.isEmpty ? lines : lines + [current]
    }

    /// `1 target`, `3 targets`.
    static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
