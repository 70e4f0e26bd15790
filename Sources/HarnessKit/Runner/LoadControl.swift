internal import Synchronization

/// What the conducting thread tells submitters: which phase it is, whether they may submit, when all is over.
final class LoadControl: Sendable {
    let recorder: RunRecorder
    let gate: EmptyGate
    let claims = ClaimCounter()
    /// Lets producers wait for their operations; `nil` unless the load is closed and awaits finishing.
    let completions: CompletionTable?
    private let phase = Atomic<Int>(0)
    private let open = Atomic<Bool>(false)
    private let exhausted = Atomic<Bool>(false)
    private let waiters = Mutex(Waiters())

    private struct Waiters {
        var isOver = false
        var continuations: [CheckedContinuation<Void, Never>] = []
        var atFinish: [@Sendable () -> Void] = []
    }

    init(recorder: RunRecorder, gate: EmptyGate, completions: CompletionTable?) {
        self.recorder = recorder
        self.gate = gate
        self.completions = completions
    }

    /// The phase that the run is in.
    @inline(__always)
    var currentPhase: Int { phase.load(ordering: .relaxed) }

    /// Whether submitters may submit.
    @inline(__always)
    var isOpen: Bool { open.load(ordering: .relaxed) }

    /// Enters a phase, and wakes those who wait for one that offers load.
    func enter(_ number: Int, offering: Bool, operations: Int?) {
        exhausted.store(false, ordering: .relaxed)
        phase.store(number, ordering: .relaxed)
        if offering { claims.beginPhase(operations: operations) }
        open.store(offering, ordering: .sequentiallyConsistent)
        guard offering else { return }
        resumeWaiters(over: false)
    }

    /// Says that a phase's operations are all claimed; submitters pause until the next one.
    func exhaust(phase: Int) {
        guard phase == currentPhase, !exhausted.exchange(true, ordering: .sequentiallyConsistent) else { return }
        open.store(false, ordering: .sequentiallyConsistent)
        gate.arm()
    }

    /// Ends the load: nobody submits any more, and nobody waits for an operation's end.
    func finish() {
        open.store(false, ordering: .sequentiallyConsistent)
        resumeWaiters(over: true)
        completions?.releaseAll()
        let effects = waiters.withLock { waiters in
            defer { waiters.atFinish = [] }
            return waiters.atFinish
        }
        for effect in effects { effect() }
    }

    /// Calls `effect` when the load is over; set up before it begins.
    func onFinish(_ effect: @escaping @Sendable () -> Void) {
        waiters.withLock { $0.atFinish.append(effect) }
    }

    /// Waits until submitters may submit; `false` when the load is over.
    func waitUntilOpen() async -> Bool {
        while !isOver {
            if isOpen { return true }
            await withCheckedContinuation { continuation in
                let isReady = waiters.withLock { waiters in
                    if waiters.isOver || isOpen { return true }
                    waiters.continuations.append(continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
        return false
    }

    /// Whether the load has ended.
    var isOver: Bool { waiters.withLock { $0.isOver } }

    private func resumeWaiters(over: Bool) {
        let resumed = waiters.withLock { waiters in
            waiters.isOver = waiters.isOver || over
            defer { waiters.continuations = [] }
            return waiters.continuations
        }
        for continuation in resumed { continuation.resume() }
    }
}
