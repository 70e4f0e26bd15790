internal import CHarnessSystem

/// How recording is divided among threads, so that two threads rarely write to one cache line or wait for one lock.
enum ThreadShards {
    /// How many shards there are; a power of two, as the C header says.
    static let count = 64

    /// The shard of the calling thread; read it anew after every suspension.
    @inline(__always)
    static var current: Int { Int(harness_thread_shard()) & (count - 1) }
}

/// The clock of runs: nanoseconds on the time line of `ContinuousClock`.
@inline(__always)
func clockNanoseconds() -> Int64 { harness_clock_nanoseconds() }
