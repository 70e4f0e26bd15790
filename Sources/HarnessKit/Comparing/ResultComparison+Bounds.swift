extension ResultComparison {
    /// Capacities, of some of which no more than a bound is known.
    ///
    /// There are no ratios of bounds: better and worse are said where no value within the bounds tells otherwise.
    static func boundedCells(_ columns: [String], _ samples: [ComparedSample], column: String) -> [Cell] {
        var cells = columns.map { name in Cell(capacitiesOf: samples.filter { $0.keys[column] == name }) }
        for index in cells.indices {
            guard index > 0 else {
                cells[index].verdict = .reference
                continue
            }
            guard cells[index].value != nil, cells[0].value != nil else { continue }
            let order = cells[index].order(beside: cells[0])
            cells[index].verdict =
                switch order {
                case nil: .single
                case 1: .better
                case -1: .worse
                default: .unclear
                }
        }
        return cells
    }
}

extension ResultComparison.Cell {
    /// The median of capacities, and where it lies at least, at most, or surely.
    fileprivate init(capacitiesOf samples: [ComparedSample]) {
        let bounds = samples.compactMap(\.capacityBound)
        let known = samples.compactMap { $0.capacityBound?.rate ?? $0.table[MetricCatalogue.capacity]?.value }
        let sides = Set(bounds.map(\.side))
        self.init(value: nil, runs: known.count, verdict: .missing)
        isExact = !samples.isEmpty && samples.allSatisfy(\.isExact) ? true : nil
        // Some at least and some below say nothing of the median.
        guard sides.count < 2, let median = OrderStatistics.median(known) else { return }
        value = Metric(value: median, unit: .perSecond, n: known.count)
        bound = sides.first
        guard isExact == true || known.count > 1, let low = known.min(), let high = known.max() else { return }
        interval = ConfidenceInterval(
            low: bound == .below ? 0 : low,
            high: high,
            isOpenAbove: bound == .atLeast
        )
    }

    /// Whether capacities are above those of another column (1), below (-1), or neither is sure (0); `nil` where one of the two
    /// has none, or is a single run's on the real clock.
    func order(beside other: ResultComparison.Cell) -> Int? {
        guard interval != nil, other.interval != nil else { return nil }
        if isBelow(other) { return -1 }
        return other.isBelow(self) ? 1 : 0
    }

    private func isBelow(_ other: ResultComparison.Cell) -> Bool {
        guard let interval, let others = other.interval, !interval.isOpenAbove else { return false }
        return bound == .below ? interval.high <= others.low : interval.high < others.low
    }
}
