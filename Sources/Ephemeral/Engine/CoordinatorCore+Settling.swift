internal import EphemeralTime

extension CoordinatorCore {
    /// Reports evictions, wakes parked workers that have to end, and everybody whose state has been reached.
    mutating func settle(_ effects: inout Effects?) {
        if !window.evicted.isEmpty { reportEvicted(&effects) }
        if retiresIdleWorkers, !parked.isEmpty {
            let woken = parked.map(\.continuation)
            parked = []
            Effects.add(to: &effects) { $0.retired.append(contentsOf: woken) }
        }
        guard !waiters.isEmpty else { return }
        let met = Waiters.Condition.allCases.filter(isMet)
        let ready = waiters.take(met)
        guard !ready.isEmpty else { return }
        Effects.add(to: &effects) { $0.ready.append(contentsOf: ready) }
    }

    mutating func reportEvicted(_ effects: inout Effects?) {
        let evicted = window.takeEvicted()
        Effects.add(to: &effects) { $0.evicted.append(contentsOf: evicted) }
    }

    /// Whether a state that callers wait for is there.
    func isMet(_ condition: Waiters.Condition) -> Bool {
        switch condition {
        case .idle: isIdle
        case .drained: isDrained
        case .joined: isDrained && workers == 0
        }
    }

    /// Whether an item waits for its start, in the queue or in the sequence that workers take items from.
    var hasHead: Bool { pending > 0 || isPulling }

    /// What is to become of the alarm; `nil` when it is right.
    mutating func alarmOrder(now: Timestamp) -> Effects.AlarmOrder? {
        let due = dueAlarm(now: now)
        if due == nil {
            guard alarm != nil, !gate.isDeferring(now: now) || !hasHead else { return nil }
            alarm = nil
        }
        alarmOrders += 1
        return Effects.AlarmOrder(number: alarmOrders, due: due)
    }

    /// When to look at the start gate again because the head of the queue is held back; `nil` when an alarm is set.
    private mutating func dueAlarm(now: Timestamp) -> Timestamp? {
        guard hasHead, !isPaused, let due = gate.holdHead(now: now, ownExpiry: window.nextExpiry), due > now else {
            return nil
        }
        if let alarm, alarm <= due, alarm > now { return nil }
        alarm = due
        return due
    }
}
