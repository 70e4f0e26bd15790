extension ResultComparison {
    /// The cells of capacities, of some of which no more than a bound is known.
    ///
    /// There are no ratios of bounds: better and worse are said where every value within the bounds differs by more than the
    /// margin. Columns without a bound, beside a baseline without one, stay as they are.
    static func heedingBounds(
        _ cells: [Cell],
        _ samples: [[ComparedSample]],
        margin: Double
    ) -> [Cell] {
        let isBounded = samples.map { column in column.contains { $0.capacityBound != nil } }
        var heeding = cells
        for index in cells.indices where isBounded[index] { heeding[index] = Cell(capacitiesOf: samples[index]) }
        for index in cells.indices where isBounded[index] || isBounded[0] {
            (heeding[index].ratio, heeding[index].ratioInterval) = (nil, nil)
            heeding[index].verdict =
                index == 0 ? .reference : heeding[index].word(beside: heeding[0], margin: margin)
        }
        return heeding
    }
}

extension ResultComparison.Cell {
    /// The median of capacities, as far as it is known: a capacity of at least 1600/s may be any above, one below 100/s any below.
    fileprivate init(capacitiesOf samples: [ComparedSample]) {
        let ranges = samples.compactMap(\.capacityRange)
        self.init(value: nil, runs: ranges.count, verdict: .missing)
        isExact = !samples.isEmpty && samples.allSatisfy(\.isExact) ? true : nil
        guard let low = OrderStatistics.median(ranges.map(\.low)),
            let high = OrderStatistics.median(ranges.map(\.high)), low > 0 || high < .infinity
        else { return }
        bound = low == high ? nil : high < .infinity ? .below : .atLeast
        value = Metric(value: bound == .below ? high : low, unit: .perSecond, n: ranges.count)
        // The median of few runs on the real clock is no surer than their range.
        let ends = isExact == true ? [CapacityRange(low: low, high: high)] : ranges
        guard isExact == true ? bound != nil : ends.count > 1, let lowest = ends.map(\.low).min() else { return }
        let known = ends.flatMap { [$0.low, $0.high] }.filter(\.isFinite).max() ?? lowest
        let isOpenAbove = ends.contains { $0.high == .infinity }
        interval = ConfidenceInterval(low: lowest, high: known, isOpenAbove: isOpenAbove)
    }

    /// Whether the value is not known from both sides.
    var isOpen: Bool { bound != nil || interval?.isOpenAbove == true }

    /// What the capacity is beside another one.
    fileprivate func word(beside other: ResultComparison.Cell, margin: Double) -> ResultComparison.Word {
        guard value != nil, other.value != nil else { return .missing }
        return switch order(beside: other, margin: margin) {
        case nil: .single
        case 1: .better
        case -1: .worse
        default: .unclear
        }
    }

    /// Whether capacities are above those of another column (1), below (-1), or neither is sure (0); `nil` where one of the two
    /// has none, or is a single run's on the real clock.
    func order(beside other: ResultComparison.Cell, margin: Double) -> Int? {
        guard let own = range, let others = other.range else { return nil }
        if own.isBelow(others, margin) { return -1 }
        return others.isBelow(own, margin) ? 1 : 0
    }

    private var range: CapacityRange? {
        if let interval {
            let high = interval.isOpenAbove ? .infinity : interval.high
            return CapacityRange(low: interval.low, high: high, isStrict: isExact == true && bound == .below)
        }
        guard isExact == true, let value = value?.value else { return nil }
        return CapacityRange(low: value, high: value)
    }
}

/// Where a capacity lies.
private struct CapacityRange {
    var low: Double
    var high: Double
    /// Whether it is not the upper end itself.
    var isStrict = false

    func isBelow(_ other: CapacityRange, _ margin: Double) -> Bool {
        let high = high * (1 + margin)
        return isStrict ? high <= other.low : high < other.low
    }
}

extension ComparedSample {
    /// Where the capacity lies; `nil` where nobody looked for it.
    fileprivate var capacityRange: CapacityRange? {
        guard let capacityBound else {
            return table[MetricCatalogue.capacity].map { CapacityRange(low: $0.value, high: $0.value) }
        }
        return capacityBound.side == .below
            ? CapacityRange(low: 0, high: capacityBound.rate) : CapacityRange(low: capacityBound.rate, high: .infinity)
    }
}
