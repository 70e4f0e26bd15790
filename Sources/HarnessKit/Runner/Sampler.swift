internal import Synchronization

/// Reads what a target says of itself, at a steady pace, from a thread outside the pool or in virtual time.
final class Sampler: Sendable {
    /// A long run keeps the samples of its first minutes: memory is bounded.
    static let limit = 60_000

    private let instance: any SampledInstance
    private let recorder: RunRecorder
    private let state = Mutex(State())

    private struct State {
        var samples: [HistorySample] = []
        var isStopped = false
    }

    init(instance: any SampledInstance, recorder: RunRecorder) {
        self.instance = instance
        self.recorder = recorder
    }

    /// Takes one sample.
    ///
    /// - Returns: Whether further ones are wanted.
    func tick() -> Bool {
        guard recorder.hasBegun else { return true }
        guard state.withLock({ !$0.isStopped && $0.samples.count < Self.limit }) else { return false }
        let begin = recorder.now
        let sample = instance.sample()
        let end = recorder.now
        state.withLock { state in
            // A reading that outlasts the run belongs to no time of it.
            guard !state.isStopped else { return }
            state.samples.append(HistorySample(begin: begin, end: end, sample: sample))
        }
        return true
    }

    /// Ends sampling; a reading that is under way is dropped.
    ///
    /// - Returns: The samples, oldest first.
    func stop() -> [HistorySample] {
        state.withLock { state in
            state.isStopped = true
            return state.samples
        }
    }
}
