internal import Ephemeral

/// One consistent reading of a priority processor's counters.
///
/// In every reading `received == pending + active + completed + failed + cancelled + forwarded`. What one member of a group
/// forwards another receives, so that the items of a group are `received - forwarded`, summed over its members.
public struct PriorityProcessorStats: Sendable, Hashable {
    /// Items that were routed here, or moved here from another member.
    public var received = 0
    /// Items that wait here.
    public var pending = 0
    /// Items that are being processed here.
    public var active = 0
    /// Items that were processed here.
    public var completed = 0
    /// Items that failed here for good.
    public var failed = 0
    /// Items dropped by cancellation, or given up because of it.
    public var cancelled = 0
    /// Items that were moved to another member before they began, or after they failed.
    public var forwarded = 0
}

extension CoordinatorStats {
    /// Adds what a member of a group has counted; items that it forwarded are counted where they went.
    mutating func add(_ member: PriorityProcessorStats) {
        enqueued += member.received - member.forwarded
        pending += member.pending
        active += member.active
        completed += member.completed
        failed += member.failed
        cancelled += member.cancelled
    }
}
