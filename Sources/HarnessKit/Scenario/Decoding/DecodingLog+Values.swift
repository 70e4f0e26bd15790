/// Readers of single values; each reports what is wrong and returns `nil`.
extension DecodingLog {
    func text(_ node: Node) -> String? {
        guard case .string(let text) = node.value.content else { return wrongType(node, "a string") }
        return text
    }

    func boolean(_ node: Node) -> Bool? {
        guard case .bool(let value) = node.value.content else { return wrongType(node, "true or false") }
        return value
    }

    func integer(_ node: Node, in range: ClosedRange<Int64>) -> Int64? {
        let value: Int64
        switch node.value.content {
        case .integer(let integer): value = integer
        // 3.0 and 1e6 are whole numbers as well.
        case .number(let number):
            guard let integer = Int64(exactly: number) else { return wrongType(node, "a whole number") }
            value = integer
        case .string(let text) where Int64(text) != nil:
            error("expected a number, found a string; write \(text) without quotes", at: node)
            return nil
        default: return wrongType(node, "a whole number")
        }
        guard range.contains(value) else {
            let bounds =
                range.upperBound == .max
                ? "at least \(range.lowerBound)"
                : "from \(range.lowerBound) to \(range.upperBound)"
            error("\(value) is out of range; write a whole number \(bounds)", at: node)
            return nil
        }
        return value
    }

    func count(_ node: Node, in range: ClosedRange<Int64> = 1...Int64(Int32.max)) -> Int? {
        integer(node, in: range).map { Int($0) }
    }

    func number(_ node: Node) -> Double? {
        switch node.value.content {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: wrongType(node, "a number")
        }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ node: Node, of type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let text = text(node) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        error("unknown value \"\(text.shortened)\"\(Spelling.hint(for: text, among: type.names))", at: node)
        return nil
    }

    func list<Element>(_ node: Node, _ read: (Node) -> Element?) -> [Element]? {
        guard let elements = node.elements else { return wrongType(node, "an array") }
        return elements.compactMap(read)
    }

    func measure(_ node: Node, _ measure: Measure) -> Double? {
        switch node.value.content {
        case .string(let text):
            do throws(Measure.Mistake) {
                return try measure.read(text)
            } catch {
                self.error(error.message, at: node)
                return nil
            }
        case .integer(let value): return bareNumber(node, String(value), value: Double(value), measure)
        case .number(let value): return bareNumber(node, String(value), value: value, measure)
        default: return wrongType(node, "\(measure.words) as a string, as \"\(measure.example)\"")
        }
    }

    /// A number without its unit is refused, because nobody can tell seconds from milliseconds.
    private func bareNumber(_ node: Node, _ text: String, value: Double, _ measure: Measure) -> Double? {
        let mend: String
        switch measure {
        case .share where (0...1).contains(value):
            let percent = (value * 1e8).rounded() / 1e6
            mend = "\"\(percent == percent.rounded() ? String(Int(percent)) : String(percent))%\""
        case _ where value < 0: mend = "\"\(measure.example)\""
        default: mend = measure.suggestion(for: text)
        }
        error("the number \(text) has no unit; write \(mend)", at: node)
        return nil
    }

    /// A duration that may be zero.
    func duration(_ node: Node) -> Duration? {
        measure(node, .duration).map { Duration.rounded(seconds: $0) }
    }

    /// A duration of at least a nanosecond.
    func positiveDuration(_ node: Node) -> Duration? {
        guard let duration = duration(node) else { return nil }
        if duration > .zero { return duration }
        error("the duration is zero; write a longer one, as \"250ms\"", at: node)
        return nil
    }

    /// A name that other parts of the scenario, reports and file systems can carry.
    func identifier(_ node: Node) -> String? {
        guard let text = text(node) else { return nil }
        if Identifier.isValid(text) { return text }
        error("\"\(text.shortened)\" is not a name; \(Identifier.rule)", at: node)
        return nil
    }

    func wrongType<Value>(_ node: Node, _ expected: String) -> Value? {
        error("expected \(expected), found \(node.value.kindName)", at: node)
        return nil
    }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
    /// The names of all cases.
    static var names: [String] { allCases.map(\.rawValue) }
}

/// The rule for names of scenarios, targets, phases, bursts, faults and events.
enum Identifier {
    static let pattern = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$"
    static let rule = "write 1 to 100 letters, digits, '-', '_' or '.', not beginning with '-' or '.'"

    static func isValid(_ text: String) -> Bool {
        guard (1...100).contains(text.utf8.count), !text.hasPrefix("."), !text.hasPrefix("-") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            }
        }
    }
}
