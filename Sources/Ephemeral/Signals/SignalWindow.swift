internal import EphemeralTime

/// The events of a sink as a pure value: a bounded ring ordered by time, and an index of standing queries.
///
/// A query that was asked before keeps the numbers of its matches, so that counting them since a time is a binary search.
/// Every name knows the queries it feeds, so that raising a known name matches no pattern. Raising is O(1) plus the number
/// of queries fed; asking a new query is O(window).
struct SignalWindow: Sendable {
    private(set) var capacity: Int
    private(set) var maxAge: Int64
    /// Signals in order of time; those taken back leave a vacant place.
    var slots = NumberedRing(blank: StoredSignal.blank)
    var vacant = 0
    var names = NameTable()
    var details = SignalDetails()
    var standing = StandingQueries()
    /// Increases with every change.
    var version: UInt64 = 0

    init(capacity: Int, maxAge: Duration) {
        self.capacity = max(1, capacity)
        self.maxAge = max(1, maxAge.clampedNanoseconds)
    }

    /// Live events, those that have outlived their age included until the next look.
    var count: Int { slots.count - vacant }

    mutating func resize(capacity: Int?, maxAge: Duration?, now: Timestamp) {
        if let capacity { self.capacity = max(1, capacity) }
        if let maxAge, maxAge > .zero, maxAge.clampedNanoseconds != self.maxAge {
            self.maxAge = max(1, maxAge.clampedNanoseconds)
            // All expiries that were read before are wrong now.
            version &+= 1
            for query in standing.indices { standing.touch(query, version: version) }
        }
        while count > self.capacity { dropOldest() }
        expire(now: now)
    }

    /// Stores a signal; the oldest one goes if there is no room.
    ///
    /// Without `operationID` it gets an identity of its own, drawn when somebody looks.
    mutating func append(
        _ signalName: SignalName,
        operationID: OperationID? = nil,
        key: String?,
        propagation: SignalPropagation? = nil,
        time: Timestamp,
        wallOffset: Int64,
        now: Timestamp
    ) {
        version &+= 1
        let name = names.add(signalName, standing: standing)
        let hasDetails = key != nil || propagation != nil
        let signal = StoredSignal(
            time: time,
            operationID: operationID,
            wallOffset: wallOffset,
            name: Int32(truncatingIfNeeded: name),
            details: hasDetails ? details.add(key: key, propagation: propagation) : SignalDetails.none
        )
        if !slots.isEmpty, time < slots[slots.end - 1].time {
            insert(signal)
        } else {
            let number = slots.end
            slots.append(signal)
            names.forEachQuery(fedBy: name) { standing.append(number, time, to: $0, version: version) }
        }
        if count > capacity { dropOldest() }
        expire(now: now)
    }

    /// Puts a signal with an old time stamp in its place: cheap near the end, where tasks that raise at once put theirs.
    private mutating func insert(_ signal: StoredSignal) {
        var number = slots.end
        while number > slots.first, signal.time < slots[number - 1].time { number -= 1 }
        slots.insert(signal, at: number)
        standing.renumber(from: number)
        names.forEachQuery(fedBy: Int(signal.name)) {
            standing.insert(number, signal.time, to: $0, version: version)
        }
    }

    /// Drops what has outlived its age.
    mutating func expire(now: Timestamp) {
        let (horizon, overflow) = now.nanoseconds.subtractingReportingOverflow(maxAge)
        guard !overflow else { return }
        while !slots.isEmpty, slots[slots.first].time.nanoseconds <= horizon || slots[slots.first].isVacant {
            dropFirstSlot()
        }
    }

    private mutating func dropOldest() {
        while slots[slots.first].isVacant { dropFirstSlot() }
        dropFirstSlot()
    }

    private mutating func dropFirstSlot() {
        let signal = slots[slots.first]
        slots.dropFirst()
        if signal.isVacant {
            vacant -= 1
            return
        }
        version &+= 1
        if signal.details != SignalDetails.none { details.remove(signal.details) }
        let name = Int(signal.name)
        names.remove(name)
        names.forEachQuery(fedBy: name) { standing.dropFirst(of: $0, version: version) }
    }
}
