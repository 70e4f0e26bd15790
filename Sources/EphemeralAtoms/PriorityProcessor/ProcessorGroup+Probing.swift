internal import DequeModule
internal import Ephemeral
internal import EphemeralTime

/// How unhealthy members are tried, and come back.
extension ProcessorGroupState {
    mutating func waitForProbe(_ index: Int, now: Instant, _ steps: inout [Step]) {
        guard members[index].isOpen else { return }
        members[index].probing = .waiting
        order(now.advanced(by: members[index].interval), for: index, &steps)
    }

    mutating func order(_ due: Instant?, for index: Int, _ steps: inout [Step]) {
        if let order = members[index].alarms.set(due) { steps.append(.alarm(member: members[index].id, order)) }
    }

    /// The alarm of a member rings: it is time to try it again.
    mutating func alarmRings(_ id: UInt64, number: UInt64, _ steps: inout [Step]) {
        guard let index = index(id), members[index].alarms.hasRung(number), !members[index].isHealthy else { return }
        steps.append(.raise("probe.testing:pri\(members[index].priority)"))
        if members[index].hasProbe {
            members[index].probing = .testing
            steps.append(.start(member: id, .probe(epoch: members[index].epoch)))
        } else if let holder = members.indices.first(where: { firstCandidate(of: $0, for: index) != nil }),
            let position = firstCandidate(of: holder, for: index)
        {
            startCanary(position, of: holder, on: index, &steps)
        } else {
            members[index].probing = .awaitingItem
        }
        settle(&steps)
    }

    /// The first item waiting for `holder` that may be processed by `index`.
    func firstCandidate(of holder: Int, for index: Int) -> Int? {
        members[holder].queue.firstIndex { $0.addressed <= members[index].priority }
    }

    func mayTry(_ job: ProcessorJob, on index: Int) -> Bool {
        if case .awaitingItem = members[index].probing { job.addressed <= members[index].priority } else { false }
    }

    mutating func startCanary(_ position: Int, of holder: Int, on index: Int, _ steps: inout [Step]) {
        var job = members[holder].take(at: position)
        if holder != index {
            members[holder].stats.forwarded += 1
            assign(job, to: index, first: true, &steps)
            job = members[index].take(at: 0)
        }
        members[index].probing = .testing
        start(job, on: index, isCanary: true, &steps)
    }

    /// A probe has come back.
    mutating func probed(_ id: UInt64, epoch: Int, isWorking: Bool, now: Instant, _ steps: inout [Step]) {
        guard let index = index(id), epoch == members[index].epoch, !members[index].isHealthy else { return }
        if isWorking {
            steps.append(.raise("probe.success:pri\(members[index].priority)"))
            restore(index, &steps)
        } else {
            probeFailed(index, now: now, &steps)
        }
        settle(&steps)
    }

    mutating func probeFailed(_ index: Int, now: Instant, _ steps: inout [Step]) {
        steps.append(.raise("probe.failed:pri\(members[index].priority)"))
        waitForProbe(index, now: now, &steps)
    }

    mutating func restore(_ index: Int, _ steps: inout [Step]) {
        guard members[index].restore() else { return }
        order(nil, for: index, &steps)
        steps.append(.raise("failover.restored:pri\(members[index].priority)"))
    }

    /// Somebody knows better: a member counts as healthy.
    mutating func resetHealth(_ id: UInt64, _ steps: inout [Step]) {
        guard let index = index(id) else { return }
        restore(index, &steps)
        settle(&steps)
    }
}
