import Ephemeral
import EphemeralTime
import HarnessKit
import Synchronization

/// A sink as the place where a run raises signals and sees those of its target.
final class SinkPort: SignalPort {
    let sink: SignalSink
    private let subscriptions = Mutex<[SignalSubscription]>([])

    init(time: any TimeSource, capacity: Int = 1000) {
        // Timeline signals stay until they are retracted: the age must not end them during a run.
        sink = SignalSink(maxCapacity: capacity, maxAge: .seconds(24 * 3600), time: time)
    }

    /// Creates a sink that keeps more than so many signals that matter.
    convenience init(time: any TimeSource, keepingMoreThan count: Int) {
        self.init(time: time, capacity: max(1000, min(count, 1_000_000) * 2))
    }

    func raise(_ name: String) { sink.raise(name) }

    func retract(_ pattern: String) -> Int { sink.retract(matching: SignalPattern(pattern)) }

    func observe(_ handler: @escaping @Sendable (SignalObservation) -> Void) {
        let raised = sink.subscribe { handler(SignalObservation(name: $0.signal, isRetraction: false)) }
        let retracted = sink.subscribeToRetractions { handler(SignalObservation(name: $0.signal, isRetraction: true)) }
        subscriptions.withLock { $0 += [raised, retracted] }
    }
}
