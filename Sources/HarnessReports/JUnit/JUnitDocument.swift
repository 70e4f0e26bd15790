/// A report in the XML that continuous integration services read test results from.
struct JUnitDocument {
    /// Cases that belong together.
    struct Suite {
        var name: String
        var cases: [Case] = []
        /// When it began, in ISO 8601.
        var timestamp: String?
        var seconds = 0.0
    }

    /// One check.
    struct Case {
        var name: String
        /// The group that services show it under.
        var group: String
        var outcome = Outcome.passed
        /// What is worth reading of a check that passed.
        var output: String?
    }

    /// What became of a check.
    enum Outcome: Equatable {
        case passed
        /// With one line, and all that is known.
        case failed(message: String, text: String)
        /// Nothing was decided.
        case skipped(message: String)
    }

    var name: String
    var suites: [Suite]

    /// The document.
    var text: String {
        let all = suites.flatMap(\.cases)
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
        lines.append("<testsuites \(Self.attributes([("name", name)] + Self.counts(all)))>")
        for suite in suites {
            var attributes = [("name", suite.name)] + Self.counts(suite.cases)
            attributes.append(("time", NumberText.fixed(suite.seconds, decimals: 3)))
            if let timestamp = suite.timestamp { attributes.append(("timestamp", timestamp)) }
            lines.append("  <testsuite \(Self.attributes(attributes))>")
            lines += suite.cases.flatMap(Self.lines)
            lines.append("  </testsuite>")
        }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of test: Case) -> [String] {
        let head = "    <testcase \(attributes([("name", test.name), ("classname", test.group), ("time", "0")]))"
        var body: [String] = []
        switch test.outcome {
        case .passed: break
        case .failed(let message, let text):
            body.append(
                "      <failure \(attributes([("message", message)]))>\(escaped(text, limit: 20_000))</failure>"
            )
        case .skipped(let message):
            body.append("      <skipped \(attributes([("message", message)]))/>")
        }
        if let output = test.output { body.append("      <system-out>\(escaped(output, limit: 20_000))</system-out>") }
        return body.isEmpty ? [head + "/>"] : [head + ">"] + body + ["    </testcase>"]
    }

    private static func counts(_ cases: [Case]) -> [(String, String)] {
        let failures = cases.count { if case .failed = $0.outcome { true } else { false } }
        let skipped = cases.count { if case .skipped = $0.outcome { true } else { false } }
        return [
            ("tests", "\(cases.count)"), ("failures", "\(failures)"), ("errors", "0"), ("skipped", "\(skipped)"),
        ]
    }

    private static func attributes(_ pairs: [(String, String)]) -> String {
        pairs.map { "\($0.0)=\"\(escaped($0.1, limit: 1000))\"" }.joined(separator: " ")
    }

    /// Text for elements and attributes, on one line and without what XML 1.0 cannot hold.
    private static func escaped(_ text: String, limit: Int) -> String {
        var escaped = ""
        for character in PlainText.line(text, limit: limit) {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
