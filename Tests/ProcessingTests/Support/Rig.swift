import Ephemeral
import EphemeralTesting
import EphemeralTime
import Processing

/// A manager on a store in memory, all on one clock that a test moves.
struct Rig {
    let time = ManualTimeSource()
    let sink = SignalSink()
    let signals: Journal<String>
    let store: StoreDouble
    let journal: StoreDouble
    let manager: ProcessingManager
    let starts: Journal<Int>
    let gate: Gate
    private let subscription: SignalSubscription

    /// The entity of all jobs.
    struct Item: Codable, Hashable {
        var number: Int
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String { "the printer is on fire" }
    }

    /// Creates a rig with the processors `note`, which notes its item, `wait`, which notes it and stops at the gate,
    /// `stubborn`, which does so without minding cancellation, `fail`, and `refuse`.
    init(configure: (inout ProcessingOptions) -> Void = { _ in }) throws {
        let (starts, gate, signals) = (Journal<Int>(), Gate(), Journal<String>())
        var processors = ProcessorRegistry()
        try processors.register("note") { (item: Item, _) in starts.record(item.number) }
        try processors.register("wait") { (item: Item, _) in
            starts.record(item.number)
            try await gate.wait()
        }
        try processors.register("stubborn") { (item: Item, _) in
            starts.record(item.number)
            await gate.waitIgnoringCancellation()
        }
        try processors.register("fail") { (_: Item, context) in
            starts.record(context.attempt)
            throw Failure()
        }
        try processors.register("refuse") { (_: Item, _) in throw UserError("No such account.") }
        var options = ProcessingOptions()
        options.sink = sink
        options.time = time
        configure(&options)
        (self.starts, self.gate, self.signals) = (starts, gate, signals)
        store = StoreDouble(MemoryProcessingStore(time: time, sink: sink))
        journal = StoreDouble(MemoryProcessingStore(time: time))
        manager = try ProcessingManager(store: store, processors: processors, journal: journal, options: options)
        subscription = sink.subscribe { signals.record($0.signal) }
    }

    func worker(_ maxWorkers: Int = 1, configure: (inout WorkerOptions) -> Void = { _ in }) throws -> ProcessingWorker {
        var options = WorkerOptions(maxWorkers: maxWorkers, queues: ["default"])
        // Retries come at a known time.
        options.retry = RetryPolicy(base: .seconds(4), cap: .seconds(60), jitter: 0)
        options.reconnect = RetryPolicy(base: .seconds(1), cap: .seconds(1), jitter: 0)
        configure(&options)
        return try ProcessingWorker(manager, options: options)
    }

    @discardableResult
    func enqueue(_ processor: String, _ number: Int = 0, priority: JobPriority = .normal) async throws -> JobID {
        try await manager.process(Item(number: number), processor: processor, priority: priority).id
    }

    /// Suspends until a signal has been raised this many times.
    func signal(_ name: String, times: Int = 1) async throws {
        var seen = 0
        while true {
            seen += 1
            let names = try await signals.first(seen)
            if names.filter({ $0 == name }).count >= times { return }
        }
    }

    /// Suspends until somebody sleeps for exactly this long from now.
    func sleeper(for duration: Duration) async throws {
        let deadline = time.now.advanced(by: duration)
        while !time.deadlines.contains(deadline) { try await time.nextSleep() }
    }

    /// How often a signal has been raised so far.
    func count(of name: String) -> Int { signals.elements.filter { $0 == name }.count }

    func status() async throws -> QueueStatus { try await store.inner.status(of: ["default"])[0] }
}
