import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Synchronization

/// Two processors of one sink on a manual clock and executor, the items of which fail when a test says so.
final class ProcessorStage: Sendable {
    let stage = AtomStage()
    let sink: SignalSink
    /// What was processed, as `1:a` for item a at priority 1.
    let processed = Journal<String>()
    /// The priorities at which items fail now.
    private let failing = Mutex<Set<Int>>([])

    init() { sink = SignalSink(time: stage.time) }

    func setFailing(_ priorities: Int...) { failing.withLock { $0 = Set(priorities) } }

    func processor(
        _ priority: Int,
        limit: Int = 1,
        configure: (inout PriorityProcessorOptions) -> Void = { _ in }
    ) throws -> PriorityProcessorAtom {
        var options = PriorityProcessorOptions(maxConcurrency: limit)
        (options.time, options.executor) = (stage.time, stage.executor)
        configure(&options)
        return try PriorityProcessorAtom(priority: priority, signals: sink, options: options) { [self] id, _ in
            processed.record("\(priority):\(id)")
            try await stage.gate.wait()
            if failing.withLock({ $0.contains(priority) }) { throw Failure(number: priority) }
        }
    }

    /// The signals in the sink whose name begins so, in order.
    func signals(_ prefix: String) -> [String] { sink.signals(.prefix(prefix)).map(\.signal) }

    /// Brings items and runs everything that can run.
    func enqueue(_ items: String..., to processor: PriorityProcessorAtom) -> Bool {
        let areAccepted = items.map { processor.tryEnqueue($0) }
        stage.run()
        return areAccepted.allSatisfy(\.self)
    }
}
