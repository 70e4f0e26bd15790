/// What became of a capacity of which at least one build's search knows no more than a bound.
struct CapacityOutcome: Sendable, Equatable {
    var verdict: RegressionRow.Verdict
    /// What is known of both.
    var detail: String

    /// Compares what two searches know; `nil` where both know the rate itself, or one of them nothing.
    init?(base: ExactRecord, head: ExactRecord) {
        guard base.capacityBound ?? head.capacityBound != nil else { return nil }
        guard let former = base.capacity, let new = head.capacity else { return nil }
        detail = "\(former) before, \(new) now"
        verdict =
            switch (former, new) {
            case (.below, .below): .unmeasured
            case (_, .below): .regressed
            case (.below, _): .improved
            case (.found(let rate), .atLeast(let low)): low > rate ? .improved : .inconclusive
            case (.atLeast(let low), .found(let rate)): rate < low ? .regressed : .inconclusive
            // The ends of equal ranges: neither build came to its limit.
            case (.atLeast, .atLeast), (.found, .found): former == new ? .same : .inconclusive
            }
    }
}

/// What a record knows of a capacity.
enum KnownCapacity: Sendable, Equatable, CustomStringConvertible {
    case found(Double)
    case atLeast(Double)
    case below(Double)

    var description: String {
        switch self {
        case .found(let rate): "\(NoteText.number(rate))/s"
        case .atLeast(let rate): CapacityBound(.atLeast, rate).description
        case .below(let rate): CapacityBound(.below, rate).description
        }
    }
}

extension ExactRecord {
    /// What a search found; `nil` where there was none, or it found nothing.
    var capacity: KnownCapacity? {
        switch capacityBound?.side {
        case .below?: capacityBound.map { .below($0.rate) }
        case .atLeast?: capacityBound.map { .atLeast($0.rate) }
        case nil: total[MetricCatalogue.capacity].map { .found($0.value) }
        }
    }
}
