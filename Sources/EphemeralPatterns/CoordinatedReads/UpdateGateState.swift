internal import EphemeralAtoms

/// Who may pass a gate for reads and updates, as a pure value.
struct UpdateGateState: Sendable {
    typealias Continuation = WaitingLine<Void>.Continuation

    private(set) var activeReads = 0
    /// An update works, or waits for reads to end: no read begins.
    private(set) var isClosed = false
    private var isUpdating = false
    var reads = WaitingLine<Void>()
    var updates = WaitingLine<Void>()

    /// A read comes.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func beginRead(_ caller: UInt64, _ continuation: Continuation) -> Result<Void, any Error>? {
        guard isClosed else {
            activeReads += 1
            return .success(())
        }
        return reads.add(caller, (), continuation) ? nil : .failure(CancellationError())
    }

    mutating func endRead(_ ready: inout [Continuation]) {
        activeReads -= 1
        startUpdate(&ready)
    }

    /// An update comes.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func beginUpdate(_ caller: UInt64, _ continuation: Continuation) -> Result<Void, any Error>? {
        if !isClosed, activeReads == 0 {
            (isClosed, isUpdating) = (true, true)
            return .success(())
        }
        guard updates.add(caller, (), continuation) else { return .failure(CancellationError()) }
        isClosed = true
        return nil
    }

    /// A waiting update was cancelled: the next one goes on, or reads do.
    mutating func giveUpUpdate(_ ready: inout [Continuation]) {
        guard !isUpdating else { return }
        guard updates.isEmpty else { return startUpdate(&ready) }
        isClosed = false
        startReads(&ready)
    }

    mutating func endUpdate(_ ready: inout [Continuation]) {
        isUpdating = false
        isClosed = !updates.isEmpty
        startReads(&ready)
        startUpdate(&ready)
    }

    private mutating func startReads(_ ready: inout [Continuation]) {
        let waiting = reads.take()
        activeReads += waiting.count
        ready += waiting.map(\.continuation)
    }

    private mutating func startUpdate(_ ready: inout [Continuation]) {
        guard !isUpdating, activeReads == 0, let next = updates.popFirst() else { return }
        isUpdating = true
        ready.append(next.continuation)
    }
}
