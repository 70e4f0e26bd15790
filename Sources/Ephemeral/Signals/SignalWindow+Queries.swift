internal import EphemeralTime

extension SignalWindow {
    /// The standing query for these patterns; built if it is new.
    mutating func place(of patterns: SignalPatternSet) -> Int {
        if let known = standing.find(patterns) { return known }
        let query = standing.add(patterns)
        names.connect(query, to: patterns)
        fill(query)
        return query
    }

    /// How many live events match the patterns, between two times, both included.
    mutating func count(
        _ patterns: SignalPatternSet,
        since earliest: Timestamp?,
        until latest: Timestamp? = nil
    ) -> Int {
        if earliest == nil, latest == nil, let name = patterns.onlyName { return countOf(SignalName(name)) }
        let query = place(of: patterns)
        return standing.count(query, from: earliest, to: latest)
    }

    /// How many live events have exactly this name.
    func countOf(_ name: SignalName) -> Int {
        names.find(name).map { names.liveCount($0) } ?? 0
    }

    /// Live events that match the patterns, oldest first.
    mutating func events(_ patterns: SignalPatternSet) -> [SignalEvent] {
        numbers(of: patterns).map { event($0) }
    }

    /// Live events that one operation raised and whose name matches, oldest first, with a look at each.
    mutating func events(of operation: OperationID, matching pattern: SignalPattern) -> [SignalEvent] {
        let numbers = slots.numbers.filter { number in
            let signal = slots[number]
            guard !signal.isVacant, signal.operationID == operation else { return false }
            return pattern.matches(names.name(Int(signal.name)))
        }
        return numbers.map { event($0) }
    }

    /// The event with this number, with an identity that stays from now on.
    mutating func event(_ number: Int) -> SignalEvent {
        let signal = slots[number]
        let operationID = signal.operationID ?? .next()
        slots[number].operationID = operationID
        let details = details[signal.details]
        return SignalEvent(
            signal: names.name(Int(signal.name)),
            operationID: operationID,
            key: details.key,
            time: signal.time,
            wallOffset: signal.wallOffset,
            propagation: details.propagation
        )
    }

    /// The numbers of the live events that match, oldest first.
    ///
    /// Looking for one name never builds a query: names are many, and would push the queries out that are asked often.
    mutating func numbers(of patterns: SignalPatternSet) -> [Int] {
        if let known = standing.find(patterns) { return standing.numbers(of: known) }
        guard let text = patterns.onlyName else {
            let query = place(of: patterns)
            return standing.numbers(of: query)
        }
        guard let name = names.find(SignalName(text)) else { return [] }
        var missing = names.liveCount(name)
        var found: [Int] = []
        for number in slots.numbers where missing > 0 {
            guard slots[number].name == name, !slots[number].isVacant else { continue }
            found.append(number)
            missing -= 1
        }
        return found
    }

    /// The state of a rule.
    mutating func reading(_ query: Int) -> StartGate.Reading {
        guard let newest = standing.newest(of: query) else { return StartGate.Reading(version: version) }
        let time = slots[newest].time
        return StartGate.Reading(
            version: version,
            newest: StartGate.Reading.Match(signal: names.name(Int(slots[newest].name)), time: time),
            expiry: time.advanced(byNanoseconds: maxAge)
        )
    }

    mutating func pin(_ query: Int) { standing.pin(query) }

    mutating func unpin(_ query: Int) {
        if let retired = standing.unpin(query) { names.connect(retired, to: []) }
    }

    func version(of query: Int) -> UInt64 { standing.version(of: query) }

    /// The version at which a pinned query changed last.
    var pinnedVersion: UInt64 { standing.pinnedVersion }
}
