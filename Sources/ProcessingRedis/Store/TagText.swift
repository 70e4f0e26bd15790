/// A list of texts as one, in which each is preceded by its length: `7:order:7,0:,`.
enum TagText {
    static func write(_ tags: [String]) -> String {
        tags.reduce(into: "") { $0 += "\($1.utf8.count):\($1)," }
    }

    /// Reads a list; what comes from somewhere else has none.
    static func read(_ bytes: [UInt8]) -> [String] {
        var tags: [String] = []
        var rest = bytes[...]
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            guard let length = Int(String(decoding: rest[..<colon], as: UTF8.self)), length >= 0,
                length < rest.endIndex - colon - 1, rest[colon + 1 + length] == UInt8(ascii: ",")
            else { break }
            tags.append(String(decoding: rest[(colon + 1)..<(colon + 1 + length)], as: UTF8.self))
            rest = rest[(colon + 2 + length)...]
        }
        return tags
    }
}
