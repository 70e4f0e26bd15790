/// Text of unknown origin, made fit for Markdown.
enum MarkdownText {
    /// The text on one line, with everything escaped that Markdown, HTML or a table would read as markup.
    static func escaped(_ text: String, limit: Int = 500) -> String {
        let line = PlainText.line(text, limit: limit)
        var escaped = ""
        // At the start of a line these would open a heading, a list or a quotation.
        var isStart = true
        for character in line {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "|": escaped += "&#124;"
            case "\\", "`", "*", "_", "[", "]", "~", "$": escaped += "\\\(character)"
            case "#", "-", "+", ".", ")": escaped += isStart ? "\\\(character)" : String(character)
            default: escaped.append(character)
            }
            isStart = isStart && (character == " " || character.isNumber)
        }
        return escaped
    }

    /// The text as code, literally.
    static func code(_ text: String, limit: Int = 200) -> String {
        let line = PlainText.line(text, limit: limit)
        guard !line.isEmpty else { return "" }
        // A bar ends a table's cell and a backtick ends the code, whatever stands around them.
        let isPlain = !line.contains { $0 == "|" || $0 == "`" } && line.contains { $0 != " " }
        return isPlain ? "`\(line)`" : "<code>\(escaped(line, limit: limit))</code>"
    }
}
