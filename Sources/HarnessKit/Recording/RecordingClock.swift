internal import EphemeralTime

/// What a run reads its times from, in nanoseconds on the time line of `ContinuousClock`.
struct RecordingClock: Sendable {
    /// `nil` is the machine's clock.
    let virtual: VirtualTime?
    private let start: Int64

    init(_ virtual: VirtualTime? = nil) {
        self.virtual = virtual
        start = virtual.map { Timestamp($0.now).nanoseconds } ?? 0
    }

    @inline(__always)
    var now: Int64 {
        guard let virtual else { return clockNanoseconds() }
        return Timestamp(virtual.now).nanoseconds
    }

    /// The present for an onlooker: reading a virtual clock from outside would spoil its run.
    var nowFromOutside: Int64 {
        guard let virtual else { return clockNanoseconds() }
        return start + virtual.report.elapsed.clampedNanoseconds
    }
}
