/// What a recorder has allocated for itself: it is no part of what an operation costs.
struct OwnMemory: Sendable, Equatable {
    var allocations = 0
    var bytes = 0

    static func + (left: OwnMemory, right: OwnMemory) -> OwnMemory {
        OwnMemory(allocations: left.allocations + right.allocations, bytes: left.bytes + right.bytes)
    }

    static func - (left: OwnMemory, right: OwnMemory) -> OwnMemory {
        OwnMemory(allocations: left.allocations - right.allocations, bytes: left.bytes - right.bytes)
    }
}

extension EventLog {
    /// What the events so far lie in.
    ///
    /// The lists of chunks, which grow by doubling, are not counted.
    var ownMemory: OwnMemory {
        let chunks = chunkCount
        return OwnMemory(
            allocations: chunks,
            bytes: chunks * (Self.chunkSize * MemoryLayout<RecordedEvent>.stride + 32)
        )
    }
}
