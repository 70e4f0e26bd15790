import HarnessKit

/// Levels over time as one row of block characters.
enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// A row of `width` characters over `seconds` of a series; the highest value within a character's time counts.
    ///
    /// Nothing at all is a dot, so that a level of zero differs from a low one; times without a value stay blank.
    static func row(_ series: LevelSeries, seconds: Double, maximum: Double, width: Int) -> String {
        guard width > 0, seconds > 0, series.interval > 0 else { return "" }
        var levels = [Double?](repeating: nil, count: width)
        for (index, value) in series.values.enumerated() where value.isFinite {
            let first = slot(of: Double(index) * series.interval, seconds: seconds, width: width)
            // A point holds until the next one, and its end belongs to the next one's slot.
            let end = Double(index + 1) * series.interval / seconds * Double(width)
            let last = max(first, min(width - 1, Int(end.rounded(.up)) - 1))
            guard first < width else { break }
            for slot in first...last { levels[slot] = max(levels[slot] ?? value, value) }
        }
        return String(levels.map { block($0, maximum: maximum) })
    }

    /// The place of a time in a row of `width` characters; `width` and more when it lies behind the row.
    static func slot(of time: Double, seconds: Double, width: Int) -> Int {
        guard time.isFinite, seconds > 0 else { return 0 }
        return Int(min(max(0, time / seconds * Double(width)), Double(width)))
    }

    private static func block(_ level: Double?, maximum: Double) -> Character {
        guard let level else { return " " }
        guard level > 0, maximum > 0 else { return "·" }
        let index = Int((level / maximum * Double(blocks.count)).rounded(.up)) - 1
        return blocks[min(max(0, index), blocks.count - 1)]
    }
}
