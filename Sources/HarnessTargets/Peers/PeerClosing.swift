/// Whether a peer still takes operations, and who waits until nothing of them is left.
struct PeerClosing: Sendable {
    private(set) var isOpen = true
    private var latches: [PeerLatch] = []

    /// Takes no more operations.
    ///
    /// - Parameter isIdle: Whether nothing is left already.
    /// - Returns: A latch that opens when nothing is left, and whether it is to be opened now.
    mutating func close(isIdle: Bool) -> (latch: PeerLatch, opensNow: Bool) {
        isOpen = false
        let latch = PeerLatch()
        if !isIdle { latches.append(latch) }
        return (latch, isIdle)
    }

    /// Nothing is left.
    ///
    /// - Returns: The latches to open.
    mutating func takeLatches() -> [PeerLatch] {
        defer { latches = [] }
        return latches
    }
}
