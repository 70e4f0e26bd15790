internal import CHarnessSystem
internal import Synchronization

/// Spends CPU time of the calling thread, so that being taken off the CPU does not shorten the work.
enum CPUBurner {
    /// Computes until the thread has used this much CPU time, give or take a clock reading.
    static func burn(nanoseconds: Int64) {
        guard nanoseconds > 0 else { return }
        let end = harness_thread_cpu_nanoseconds() + nanoseconds
        var left = nanoseconds
        while left > 0 {
            spin(max(1, Int(Double(min(left, slice)) * roundsPerNanosecond * 0.95)))
            left = end - harness_thread_cpu_nanoseconds()
        }
    }

    /// The longest stretch between two readings of the clock, which is a system call.
    private static let slice: Int64 = 50_000

    private static let roundsPerNanosecond: Double = {
        let rounds = 200_000
        spin(rounds)
        let fastest = (0..<5).map { _ in
            let start = harness_thread_cpu_nanoseconds()
            spin(rounds)
            return harness_thread_cpu_nanoseconds() - start
        }.min()
        return Double(rounds) / Double(max(1, fastest ?? 1))
    }()

    private static let sink = Atomic<UInt64>(0)

    @inline(never)
    private static func spin(_ rounds: Int) {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<rounds {
            state ^= state &<< 13
            state ^= state &>> 7
            state ^= state &<< 17
        }
        // An impossible store (xorshift never reaches zero) keeps the loop from being deleted as dead.
        if state == 0 { sink.store(state, ordering: .relaxed) }
    }
}
