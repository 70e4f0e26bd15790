/// Colours of a terminal, or none.
struct ConsoleStyle {
    enum Tone: String {
        case good = "32"
        case bad = "31"
        case doubtful = "33"
        case strong = "1"
        case dim = "2"
    }

    let colour: Bool

    func text(_ text: String, _ tone: Tone) -> String {
        colour && !text.isEmpty ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
    }
}
