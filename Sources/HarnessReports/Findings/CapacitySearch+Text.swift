import HarnessKit

extension CapacitySearch {
    /// `978 /s`, `at least 20.0 k/s`, `below 100 /s`.
    var rateText: String {
        let value = QuantityText.rate(rate ?? from)
        return switch outcome {
        case .found: value
        case .atLeast: CapacityBound.Side.atLeast.text(value)
        case .below: CapacityBound.Side.below.text(value)
        case .unknown: "unknown"
        }
    }

    /// What else is known of the rate.
    var details: String {
        let tried = "\(PlainText.counted(trials.count, "trial")) in \(PlainText.counted(rounds, "repetition"))"
        var parts: [String] = []
        switch outcome {
        case .found, .unknown: break
        case .atLeast: parts.append("where the range ended or the search did")
        case .below: parts.append("where the range begins")
        }
        if let interval, interval.low < interval.high {
            let high = QuantityText.rate(interval.high) + (interval.isOpenAbove ? " or more" : "")
            parts.append("between \(QuantityText.rate(interval.low)) and \(high)")
        }
        parts.append(tried)
        if let breaking {
            let whose = breaking.isInvalid ? "the harness failed, " : breaking.isUndecided ? "undecided, " : ""
            let reason = whose + (breaking.broken.first ?? "broken")
            parts.append("at \(QuantityText.rate(breaking.rate)): \(reason)")
        }
        if let endedEarly { parts.append("ended early: \(endedEarly)") }
        return parts.joined(separator: "; ")
    }

    /// The lowest rate above the one found that did not hold.
    private var breaking: Trial? {
        trials.filter { !$0.holds && $0.rate > rate ?? 0 }.min { $0.rate < $1.rate }
    }

    private var rounds: Int { Set(trials.map(\.repetition)).count }

    /// One character for tables.
    var mark: String {
        switch outcome {
        case .found, .atLeast: "✓"
        case .below: "✗"
        case .unknown: "?"
        }
    }
}

extension CapacitySearch.Trial {
    /// A duration, or a dash where it is not known.
    static func text(_ seconds: Double?) -> String {
        seconds.map(QuantityText.seconds) ?? QuantityText.missing
    }
}
