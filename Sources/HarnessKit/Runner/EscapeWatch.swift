internal import CHarnessSystem
internal import EphemeralTime
internal import Synchronization

/// Sees what a run in virtual time leaves behind on its way: jobs that its thread hands to other executors and timers, and
/// time that its thread spends blocked.
///
/// Virtual time itself sees what comes back from outside; this sees what goes out, whether it comes back or not.
final class EscapeWatch: Sendable {
    private struct State {
        var escapes: [Escape] = []
        var begin: ThreadReading?
        var blocked: Int64 = 0
        /// Of that, what the watch itself has caused.
        var excused: Int64 = 0
    }

    private struct Escape: Equatable {
        var what: String
        var source: String
        var count: Int
    }

    /// Kinds and sources of escapes that are told apart.
    private static let limit = 8

    private static let active = Mutex<[UInt64: EscapeWatch]>([:])
    private static let lastNumber = Atomic<UInt64>(0)
    private static let isWitnessing: Bool =
        harness_witness_enqueues { number, kind in
            EscapeWatch.active.withLock { $0[number] }?.note(kind)
        } != 0

    private let number = EscapeWatch.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
    private let state = Mutex(State())

    /// How long to wait, in real time, for something outside when a target does not drain.
    private let patience: Duration
    /// How long the thread of a run may be blocked, in nanoseconds.
    private let tolerance: Int64

    init(patience: Duration, tolerance: Duration) {
        self.patience = patience
        self.tolerance = tolerance.clampedNanoseconds
    }

    /// Begins; called on the thread of the run.
    func begin() {
        state.withLock { $0.begin = ThreadReading.current }
        guard Self.isWitnessing else { return }
        Self.active.withLock { $0[number] = self }
        harness_watch_thread(number)
    }

    /// Ends; called on the thread of the run.
    func end() {
        harness_watch_thread(0)
        abandon()
        let now = ThreadReading.current
        state.withLock { state in
            guard let begin = state.begin, let now else { return }
            state.blocked = now.blocked(since: begin) - state.excused
        }
    }

    /// Gives what was awaited outside the time to come back, so that it can be told; called on the thread of the run.
    func awaitReturn(to time: VirtualTime) {
        let begin = ThreadReading.current
        _ = time.waitForOutside(atMost: patience)
        guard let begin, let now = ThreadReading.current else { return }
        state.withLock { $0.excused += now.blocked(since: begin) }
    }

    /// Looks no further at a run that was given up; called on any thread.
    func abandon() {
        Self.active.withLock { $0[number] = nil }
    }

    /// What spoils the run, in sentences.
    var objections: [String] {
        state.withLock { state in
            var objections = state.escapes.map { escape in
                "\(escape.what) by \(escape.source), \(FindingText.count(escape.count, "time")): it leaves virtual time, so that "
                    + "the run cannot be repeated; use the environment's executor and time source"
            }
            if state.blocked > tolerance {
                objections.append(
                    "the thread of virtual time was blocked for \(FindingText.time(state.blocked)): something sleeps, waits at a "
                        + "semaphore or does I/O instead of suspending"
                )
            }
            return objections
        }
    }

    private func note(_ kind: harness_enqueue_kind) {
        let what =
            switch kind {
            case HARNESS_ENQUEUE_MAIN: "a job was handed to the main actor"
            case HARNESS_ENQUEUE_LATER: "a real sleep was begun (Task.sleep or ContinuousClock)"
            default: "a job was handed to the global pool (Task {} or Task.detached {} without executorPreference)"
            }
        let source = Task.name.map { "task '\($0)'" } ?? "a task without a name"
        state.withLock { state in
            if let index = state.escapes.firstIndex(where: { $0.what == what && $0.source == source }) {
                state.escapes[index].count += 1
            } else if state.escapes.count < Self.limit {
                state.escapes.append(Escape(what: what, source: source, count: 1))
            }
        }
    }
}

/// How a thread has spent its time up to a moment, in nanoseconds.
private struct ThreadReading {
    let now: Int64
    let ran: Int64
    let waited: Int64

    /// Of the calling thread; `nil` where the kernel does not tell.
    static var current: ThreadReading? {
        var (ran, waited): (Int64, Int64) = (0, 0)
        // Both pointers are to locals that outlive the call.
        guard unsafe harness_thread_schedule(&ran, &waited) != 0 else { return nil }
        return ThreadReading(now: clockNanoseconds(), ran: ran, waited: waited)
    }

    func blocked(since begin: ThreadReading) -> Int64 {
        max(0, now - begin.now - (ran - begin.ran) - (waited - begin.waited))
    }
}
