/// Reads the conditions of expectations: `<metric> <operator> <value>` or `<metric> in <low>...<high>`.
struct ExpectationGrammar {
    /// What a condition says.
    struct Parsed: Equatable {
        var metric: MetricPath
        var condition: Expectation.Condition
    }

    /// Why a text is no condition, and the mend.
    struct Mistake: Error, Equatable {
        var message: String
    }

    /// Whether the value is a ratio to other targets, written `6x`.
    let isRelative: Bool

    private static let example = "write it as \"response.p99 < 400ms\" or \"success.ratio in 98%...100%\""

    func parse(_ text: String) throws(Mistake) -> Parsed {
        var rest = Substring(text).trimmed
        let (metric, unit) = try Self.metric(&rest)
        rest = rest.trimmed
        if rest.hasPrefix("in "), let dots = rest.firstRange(of: "...") {
            let low = try value(rest[..<dots.lowerBound].dropFirst(3).trimmed, unit)
            let high = try value(rest[dots.upperBound...].trimmed, unit)
            guard low <= high else {
                throw Mistake(
                    message: "the range of \"\(text.shortened)\" is upside down; write the smaller value first"
                )
            }
            return Parsed(metric: metric, condition: .within(low...high))
        }
        // The longer operators first: `<=` begins with `<`.
        let operators = Expectation.Comparator.allCases.sorted { $0.rawValue.count > $1.rawValue.count }
        guard let comparator = operators.first(where: { rest.hasPrefix($0.rawValue) }) else {
            let known = Expectation.Comparator.names.joined(separator: " ")
            throw Mistake(message: "\"\(text.shortened)\" lacks an operator (\(known) in); \(Self.example)")
        }
        let limit = try value(rest.dropFirst(comparator.rawValue.count).trimmed, unit)
        return Parsed(metric: metric, condition: .compare(comparator, limit))
    }

    private static func metric(_ rest: inout Substring) throws(Mistake) -> (MetricPath, MetricUnit) {
        if rest.hasPrefix("signals[") { return (try signals(&rest), .count) }
        if rest.hasPrefix("time.until(") { return (try time(&rest), .seconds) }
        let name = String(rest.prefix { !$0.isWhitespace && !"<>=!".contains($0) })
        rest = rest.dropFirst(name.count)
        if let metric = MetricCatalogue.metric(named: name) { return (.named(name), metric.unit) }
        if name.isEmpty { throw Mistake(message: "the condition names no metric; \(example)") }
        if MetricCatalogue.distributions.contains(where: { $0.name == name }) {
            let statistics = MetricCatalogue.statistics.joined(separator: ", ")
            throw Mistake(message: "\"\(name)\" is a distribution; name one of its statistics (\(statistics))")
        }
        let hint = Spelling.hint(for: name, among: MetricCatalogue.all.map(\.name))
        let mend = hint.isEmpty ? "; `harness list metrics` shows all" : hint
        throw Mistake(message: "unknown metric \"\(name.shortened)\"\(mend)")
    }

    private static func signals(_ rest: inout Substring) throws(Mistake) -> MetricPath {
        let inner = rest.dropFirst("signals[".count)
        guard let close = inner.firstRange(of: "].count"), close.lowerBound > inner.startIndex else {
            throw Mistake(message: "write the number of signals as \"signals[<name or glob>].count\"")
        }
        rest = inner[close.upperBound...]
        return .signalCount(pattern: String(inner[..<close.lowerBound]))
    }

    private static func time(_ rest: inout Substring) throws(Mistake) -> MetricPath {
        let inner = rest.dropFirst("time.until(".count)
        let mend = "write \"time.until(start)\" or \"time.until(depth <= 8)\""
        guard let close = inner.firstIndex(of: ")") else {
            throw Mistake(message: "the parenthesis of time.until is not closed; \(mend)")
        }
        let event = inner[..<close].trimmed
        rest = inner[inner.index(after: close)...]
        if event == "start" { return .timeUntilStart(statistic: try statistic(&rest)) }
        guard event.hasPrefix("depth") else {
            throw Mistake(message: "\"time.until(\(String(event).shortened))\" is unknown; \(mend)")
        }
        let bound = event.dropFirst("depth".count).trimmed
        guard bound.hasPrefix("<="), let depth = Int(bound.dropFirst(2).trimmed), depth >= 0 else {
            throw Mistake(message: "\"time.until(\(String(event).shortened))\" needs a bound; write \"depth <= 8\"")
        }
        return .timeUntilDepth(atMost: depth)
    }

    private static func statistic(_ rest: inout Substring) throws(Mistake) -> String {
        guard rest.hasPrefix(".") else { return "max" }
        let name = String(rest.dropFirst().prefix { !$0.isWhitespace && !"<>=!".contains($0) })
        guard MetricCatalogue.timeStatistics.contains(name) else {
            let hint = Spelling.hint(for: name, among: MetricCatalogue.timeStatistics)
            throw Mistake(message: "time.until(start) has no statistic \"\(name.shortened)\"\(hint)")
        }
        rest = rest.dropFirst(name.count + 1)
        return name
    }

    private func value(_ text: Substring, _ unit: MetricUnit) throws(Mistake) -> Double {
        let text = String(text)
        guard !text.isEmpty else { throw Mistake(message: "the condition lacks its value; \(Self.example)") }
        if isRelative {
            let number = text.hasSuffix("x") ? Self.plainNumber(String(text.dropLast())) : nil
            guard let number else {
                let message = "\"\(text.shortened)\" is not a ratio; with \"versus\" the value is written as \"6x\""
                throw Mistake(message: message)
            }
            return number
        }
        guard let measure = unit.measure else {
            guard let number = Self.plainNumber(text) else {
                throw Mistake(
                    message: "\"\(text.shortened)\" is not a plain number; the metric is a count and has no unit"
                )
            }
            return number
        }
        do throws(Measure.Mistake) {
            return try measure.read(text)
        } catch {
            throw Mistake(message: "the value of the condition: \(error.message)")
        }
    }

    private static func plainNumber(_ text: String) -> Double? {
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 40 else { return nil }
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard isDigit(first), isDigit(last), text.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) else {
            return nil
        }
        return Double(text)
    }
}

extension MetricUnit {
    /// How values of the unit are written in scenarios; `nil` for plain numbers.
    var measure: Measure? {
        switch self {
        case .seconds: .duration
        case .perSecond: .rate
        case .ratio: .share
        case .bytes: .size
        case .count: nil
        }
    }
}

extension Substring {
    /// The text without white space at its ends.
    var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
