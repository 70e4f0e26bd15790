internal import DequeModule
internal import Ephemeral

/// Who waits, and how members end.
extension ProcessorGroupState {
    /// A caller waits with its item.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func wait(
        _ caller: UInt64,
        with job: ProcessorJob,
        through id: UInt64,
        _ continuation: WaitingLine<Void>.Continuation,
        _ steps: inout [Step]
    ) -> Admission? {
        let admission = enqueue(job, through: id, &steps)
        guard case .full = admission else { return admission }
        return producers.add(caller, Producer(member: id, job: job), continuation) ? nil : .full
    }

    /// A caller waits until a closed member has nothing left.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func wait(
        _ caller: UInt64,
        forEndOf id: UInt64,
        _ continuation: WaitingLine<Void>.Continuation
    ) -> Result<Void, any Error>? {
        guard let member = member(id), !member.isIdle else { return .success(()) }
        return drainers.add(caller, id, continuation) ? nil : .failure(CancellationError())
    }

    /// A member takes nothing more; what waits for it is still processed, by it or by others.
    mutating func finish(_ id: UInt64, _ steps: inout [Step]) {
        guard let index = index(id), members[index].isOpen else { return }
        members[index].isOpen = false
        members[index].probing = .no
        order(nil, for: index, &steps)
        for producer in producers.take(where: { $0.member == id }) { steps.append(.refuse(producer.continuation)) }
        settle(&steps)
    }

    /// A member takes nothing more and drops what waits for it.
    ///
    /// - Returns: The dropped items, in order.
    mutating func cancel(_ id: UInt64, _ steps: inout [Step]) -> [String] {
        guard let index = index(id) else { return [] }
        let dropped = members[index].queue.map(\.item)
        members[index].queue.removeAll()
        members[index].stats.pending = 0
        members[index].stats.cancelled += dropped.count
        finish(id, &steps)
        settle(&steps)
        return dropped
    }
}
