/// The way from the root of a JSON document to one of its values (RFC 6901).
struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    private(set) var tokens: [String] = []

    func appending(_ token: String) -> JSONPointer {
        var pointer = self
        pointer.tokens.append(token)
        return pointer
    }

    func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    mutating func push(_ token: String) { tokens.append(token) }

    mutating func pop() { _ = tokens.popLast() }

    var description: String {
        tokens.map { token in
            var text = "/"
            for character in token.unicodeScalars {
                switch character {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(character)
                }
            }
            return text
        }.joined()
    }
}
