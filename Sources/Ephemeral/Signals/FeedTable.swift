/// Which standing queries each name feeds: a bit per query, in as many words per name as there are queries for.
struct FeedTable: Sendable {
    private var words: [UInt64] = []
    /// Words per name.
    private var width = 1

    func contains(_ query: Int, of name: Int) -> Bool {
        guard query < width * 64 else { return false }
        return words[name * width + query / 64] & Self.bit(query) != 0
    }

    func forEach(of name: Int, _ body: (_ query: Int) -> Void) {
        for index in 0..<width {
            var rest = words[name * width + index]
            while rest != 0 {
                body(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    mutating func insert(_ query: Int, of name: Int) {
        if query >= width * 64 { widen(toHold: query) }
        words[name * width + query / 64] |= Self.bit(query)
    }

    /// Lets a name, which may be new, feed nothing.
    mutating func clear(_ name: Int) {
        while words.count < (name + 1) * width { words.append(0) }
        for index in 0..<width { words[name * width + index] = 0 }
    }

    /// Lets no name feed a query.
    mutating func clear(query: Int) {
        guard query < width * 64 else { return }
        for index in stride(from: query / 64, to: words.count, by: width) { words[index] &= ~Self.bit(query) }
    }

    private mutating func widen(toHold query: Int) {
        let names = words.count / width
        let wider = query / 64 + 1
        var widened = [UInt64](repeating: 0, count: names * wider)
        for name in 0..<names {
            for index in 0..<width { widened[name * wider + index] = words[name * width + index] }
        }
        (words, width) = (widened, wider)
    }

    private static func bit(_ query: Int) -> UInt64 { 1 << UInt64(query % 64) }
}
