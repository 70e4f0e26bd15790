import HarnessKit

extension RegressionRow {
    /// The change with its interval: `+6.1 % [4.4, 7.9]`; a dash where there is none.
    var changeText: String {
        guard let ratio else { return QuantityText.missing }
        let change = QuantityText.signedPercent(ratio - 1)
        guard let interval else { return change }
        let ends = [interval.low, interval.high].map { NumberText.significant(($0 - 1) * 100, digits: 2) }
        return "\(change) [\(ends.joined(separator: ", "))]"
    }

    var baseText: String { QuantityText.text(base, name: quantity) }
    var headText: String { QuantityText.text(head, name: quantity) }

    /// The margin as a share; a dash for figures that must be equal.
    var marginText: String {
        margin.map { QuantityText.percent($0) } ?? (tier == .exact ? "equal" : QuantityText.missing)
    }

    /// The row in a sentence's length: `cpu.perOperation +6.1 % [4.4, 7.9]`.
    var headline: String {
        if tier != .exact { return "\(quantity) \(changeText)" }
        if let detail { return "\(quantity): \(detail)" }
        return "\(quantity) \(baseText) to \(headText)"
    }

    /// One character for tables.
    var mark: String {
        switch verdict {
        case .regressed: tier == .observational ? "!" : "✗"
        case .improved: "↑"
        case .same: "✓"
        case .accepted: "≈"
        case .inconclusive, .unmeasured: "?"
        }
    }

    /// The row as a check of a test report; what blocks nothing never fails.
    var testCase: JUnitDocument.Case {
        var test = JUnitDocument.Case(name: "\(tier.rawValue) \(quantity)", group: "\(scenario).\(target)")
        let text = "\(headline); before \(baseText), now \(headText), margin \(marginText)"
        switch verdict {
        case .regressed where isBlocking: test.outcome = .failed(message: headline, text: text)
        case .inconclusive, .unmeasured: test.outcome = .skipped(message: detail ?? changeText)
        case .regressed, .improved, .same, .accepted: test.output = text
        }
        return test
    }
}
