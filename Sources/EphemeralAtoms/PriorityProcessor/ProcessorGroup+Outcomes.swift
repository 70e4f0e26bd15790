internal import Ephemeral
internal import EphemeralTime

/// What follows from the end of an item.
extension ProcessorGroupState {
    /// An item was processed.
    mutating func succeeded(_ id: UInt64, epoch: Int, isCanary: Bool, _ steps: inout [Step]) {
        guard let index = index(id) else { return }
        members[index].stats.active -= 1
        members[index].stats.completed += 1
        // What began before the member's health changed says nothing about now.
        if epoch == members[index].epoch {
            members[index].succeed()
            if isCanary { steps.append(.raise("probe.success:pri\(members[index].priority)")) }
            restore(index, &steps)
        }
        settle(&steps)
    }

    /// An item has failed.
    ///
    /// - Returns: Whether for good; it then counts as active, and its place is taken, until it has ``left(_:_:)``.
    mutating func failed(
        _ job: ProcessorJob,
        on id: UInt64,
        epoch: Int,
        isCanary: Bool,
        now: Instant,
        _ steps: inout [Step]
    ) -> Bool {
        guard let index = index(id) else { return true }
        let isFinal = !isForwarded(job, from: index, isCanary: isCanary, &steps)
        if !isFinal { members[index].stats.active -= 1 }
        let isOld = epoch != members[index].epoch && members[index].isHealthy
        if !isOld, members[index].fail(now: now) { failOver(from: index, now: now, &steps) }
        if isCanary, epoch == members[index].epoch { probeFailed(index, now: now, &steps) }
        settle(&steps)
        return isFinal
    }

    /// All have been told of an item that failed for good.
    mutating func left(_ id: UInt64, _ steps: inout [Step]) {
        guard let index = index(id) else { return }
        members[index].stats.active -= 1
        members[index].stats.failed += 1
        settle(&steps)
    }

    /// Gives a failed item to a backup, if one may have it.
    private mutating func isForwarded(
        _ job: ProcessorJob,
        from index: Int,
        isCanary: Bool,
        _ steps: inout [Step]
    ) -> Bool {
        let isWanted = isCanary || (members[index].retriesOnBackup && !job.wasRetried)
        guard isWanted, let backup = target(for: job.addressed, except: members[index].id) else { return false }
        members[index].stats.forwarded += 1
        var forwarded = job
        if !isCanary { forwarded.wasRetried = true }
        assign(forwarded, to: backup, first: isCanary, &steps)
        return true
    }

    mutating func failOver(from index: Int, now: Instant, _ steps: inout [Step]) {
        let (id, priority) = (members[index].id, members[index].priority)
        let backup = target(for: priority, except: id).map { members[$0].priority }
        steps.append(.raise("failover.requested:pri\(priority)→pri\(backup ?? priority + 1)"))
        moveQueue(of: index, &steps)
        if let backup { steps.append(.raise("failover.triggered:pri\(priority)→pri\(backup)")) }
        waitForProbe(index, now: now, &steps)
    }

    /// An item was given up because the member was cancelled, or could not be started any more.
    mutating func cancelled(_ id: UInt64, _ steps: inout [Step]) {
        guard let index = index(id) else { return }
        members[index].stats.active -= 1
        members[index].stats.cancelled += 1
        settle(&steps)
    }
}
