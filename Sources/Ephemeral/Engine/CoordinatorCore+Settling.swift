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
    var hasHead: Bool { (pending > 0 && !isBlocked) || (isPulling && wantsRefill) }

    /// Whether workers that take items from a sequence should take more: nothing may start, and not much waits.
    var wantsRefill: Bool { pending == 0 || (isBlocked && pending < Self.lookAhead) }

    /// How many items that may not start yet are taken from a sequence in search of some that may.
    static var lookAhead: Int { 64 }

    /// What is to become of the alarm; `nil` when it is right.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - look: When rules of the queue's own want a look.
    /// - Returns: The order, or `nil`.
    mutating func alarmOrder(now: Timestamp, alsoAt look: Timestamp? = nil) -> Effects.AlarmOrder? {
        let held = hasHead && !isPaused ? gate.holdHead(now: now, ownExpiry: window.nextExpiry) : nil
        let due = [held, look].compactMap { $0 }.filter { $0 > now }.min()
        guard let due else {
            guard alarm != nil, look == nil, !gate.isDeferring(now: now) || !hasHead else { return nil }
            alarm = nil
            alarmOrders += 1
            return Effects.AlarmOrder(number: alarmOrders, due: nil)
        }
        if let alarm, alarm <= due, alarm > now { return nil }
        alarm = due
        alarmOrders += 1
        return Effects.AlarmOrder(number: alarmOrders, due: due)
    }
}
