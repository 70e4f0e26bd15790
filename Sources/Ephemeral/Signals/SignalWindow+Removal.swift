internal import EphemeralTime

extension SignalWindow {
    /// Takes out the events that match the patterns, all or those of one operation, and returns them, oldest first.
    mutating func remove(_ patterns: SignalPatternSet, of operation: OperationID? = nil) -> [SignalEvent] {
        let numbers = numbers(of: patterns).filter { operation == nil || slots[$0].operationID == operation }
        let removed = numbers.map { event($0) }
        vacate(numbers)
        return removed
    }

    /// Takes out the events that are selected, with a look at each.
    ///
    /// - Returns: How many there were.
    mutating func removeAll(where isSelected: (_ operation: OperationID?, _ key: String?) -> Bool) -> Int {
        let numbers = slots.numbers.filter { number in
            !slots[number].isVacant && isSelected(slots[number].operationID, details[slots[number].details].key)
        }
        vacate(numbers)
        return numbers.count
    }

    /// Empties the places of events, in one step for whoever looks.
    private mutating func vacate(_ numbers: [Int]) {
        guard !numbers.isEmpty else { return }
        version &+= 1
        var fed: Set<Int> = []
        for number in numbers {
            let name = Int(slots[number].name)
            if slots[number].details != SignalDetails.none { details.remove(slots[number].details) }
            slots[number].isVacant = true
            names.remove(name)
            names.forEachQuery(fedBy: name) { fed.insert($0) }
        }
        vacant += numbers.count
        let taken = Set(numbers)
        for query in fed { standing.remove(taken, from: query, version: version) }
        if vacant > 16 + slots.count / 2 { compact() }
    }

    /// Closes the gaps, which gives the signals new numbers.
    private mutating func compact() {
        slots.removeAll { $0.isVacant }
        vacant = 0
        for query in standing.indices { fill(query) }
    }

    /// Finds the matches of a query anew, for the names that feed it.
    mutating func fill(_ query: Int) {
        standing.reset(query, version: version)
        for number in slots.numbers where !slots[number].isVacant {
            guard names.isFeeding(query, from: Int(slots[number].name)) else { continue }
            standing.append(number, slots[number].time, to: query, version: version)
        }
    }
}
