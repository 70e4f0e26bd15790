import HarnessKit

/// One expectation with what all its targets say, for tables that show it once.
struct ExpectationFinding {
    /// What is measured: `response.p99`.
    var metric: String
    /// What it must satisfy: `< 400 ms` as written; empty when the text cannot be taken apart.
    var limit: String
    /// Phase, window and other words on where it applies; empty for all measured phases.
    var scope: String
    var results: [ExpectationResult]

    var that: String { results.first?.that ?? "" }

    /// The results that missed the limit or could not be judged.
    var missed: [ExpectationResult] { results.filter { $0.verdict != .pass } }

    /// The result that came nearest to missing.
    var tightest: ExpectationResult? {
        results.filter { $0.verdict == .pass }
            .min { ($0.margin ?? .infinity) < ($1.margin ?? .infinity) }
    }

    /// Every expectation of a result, in the order of the scenario.
    static func all(in result: RunResult) -> [ExpectationFinding] {
        var findings: [ExpectationFinding] = []
        for expectation in result.expectations {
            let scope = [expectation.phase.map { "phase \($0)" }, expectation.scope].compactMap(\.self)
                .joined(separator: ", ")
            let index = findings.firstIndex { finding in
                finding.that == expectation.that && finding.scope == scope
                    && finding.results.first?.level == expectation.level
            }
            if let index {
                findings[index].results.append(expectation)
            } else {
                let (metric, limit) = parts(of: expectation.that)
                findings.append(
                    ExpectationFinding(metric: metric, limit: limit, scope: scope, results: [expectation])
                )
            }
        }
        return findings
    }

    /// Takes `response.p99 < 400ms` apart before its operator; operators inside brackets belong to the metric.
    static func parts(of text: String) -> (metric: String, limit: String) {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "<", ">", "=", "!":
                guard depth == 0 else { continue }
                return (trimmed(text[..<index]), trimmed(text[index...]))
            default:
                guard depth == 0, text[index...].hasPrefix(" in ") else { continue }
                return (trimmed(text[..<index]), trimmed(text[index...]))
            }
        }
        return (text, "")
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
