internal import EphemeralTime

extension CoordinatorCore {
    /// Changes the record of an operation that is running or still visible.
    mutating func update<Result>(
        _ id: OperationID,
        slot: Int,
        _ change: (inout OperationRecord) -> Result
    ) -> Result? {
        guard let slot = runningSlot(of: id, probably: slot), var record = running[slot] else {
            return window.update(id, change)
        }
        // No second reference: what is shared would be copied by the change.
        running[slot] = nil
        let result = change(&record)
        running[slot] = record
        return result
    }

    func record(_ id: OperationID, slot: Int) -> OperationRecord? {
        runningSlot(of: id, probably: slot).flatMap { running[$0] } ?? window.record(id)
    }

    private func runningSlot(of id: OperationID, probably slot: Int) -> Int? {
        if running.indices.contains(slot), running[slot]?.id == id { return slot }
        return running.firstIndex { $0?.id == id }
    }

    /// Visible and running operations, in this order.
    func records(where predicate: (OperationRecord) -> Bool) -> [OperationRecord] {
        var records: [OperationRecord] = []
        window.forEach { if predicate($0) { records.append($0) } }
        for case var record? in running where predicate(record) {
            record.isPinned = pinnedEarly.contains(record.id)
            records.append(record)
        }
        return records
    }

    /// Signals of visible and running operations, by time; of equal time, in order of emission.
    func ownEvents(
        of isMeant: (OperationRecord) -> Bool = { _ in true },
        where predicate: (SignalEvent) -> Bool
    ) -> [SignalEvent] {
        var events: [SignalEvent] = []
        for record in records(where: { !$0.events.isEmpty && isMeant($0) }) {
            events += record.events.filter(predicate)
        }
        return events.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    /// Reads anew which rules the operations' own signals concern.
    mutating func reviewOwnSignals(
        cancelOn: SignalPatternSet,
        deferOn: SignalPatternSet,
        resumeOn: SignalPatternSet
    ) {
        func newest(_ patterns: SignalPatternSet) -> StartGate.Reading {
            let event = patterns.isEmpty ? nil : ownEvents { patterns.matches($0.signal) }.last
            return StartGate.Reading(
                newest: event.map { StartGate.Reading.Match(signal: $0.signal, time: $0.time) }
            )
        }
        if let answered = newest(resumeOn).newest { gate.resumed(at: answered.time) }
        gate.update(ownDeferral: newest(deferOn), ownCancellation: newest(cancelOn))
        window.hasLostSignals = false
    }

    mutating func setPinned(_ id: OperationID, _ isPinned: Bool, isQueued: Bool, now: Timestamp) -> Bool {
        if isQueued || running.contains(where: { $0?.id == id }) {
            if isPinned { pinnedEarly.insert(id) } else { pinnedEarly.remove(id) }
            return true
        }
        return window.setPinned(id, isPinned, now: now)
    }
}
