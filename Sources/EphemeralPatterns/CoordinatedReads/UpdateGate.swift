public import Ephemeral
internal import EphemeralAtoms
internal import EphemeralTime
internal import Synchronization

/// Lets any number of reads run, or one update alone, and says so in a sink.
///
/// ```swift
/// let gate = UpdateGate(sink: sink)
/// let row = try await gate.read { try await table.row(id) }
/// try await gate.update { try await table.migrate() }
/// ```
///
/// An update waits for the reads that run, raises `update.in-progress`, works, raises `update.done` and takes
/// `update.in-progress` back. Between those two signals no read runs and none starts: one that comes raises `read.waiting` and
/// waits. Coordinators whose options are ``SignalCoordinatedReads/readerOptions(sink:in:)`` do not even start their operations
/// then.
///
/// **Ordering**: an update that waits goes before reads that come later; reads that have come during an update go before the
/// next update.
public final class UpdateGate: Sendable {
    /// The signal that is live while an update works.
    public static let updating = "update.in-progress"
    /// The signal that an update is over.
    public static let updated = "update.done"
    /// The signal that a read waits.
    public static let waiting = "read.waiting"

    private let sink: SignalSink
    private let desk = UpdateDesk()

    /// Creates a gate.
    ///
    /// - Parameter sink: Where it raises its signals.
    public init(sink: SignalSink) { self.sink = sink }

    /// Whether an update works, or waits for reads to end.
    public var isClosed: Bool { desk.withMachine { $0.isClosed } }

    /// How many reads run.
    public var activeReads: Int { desk.withMachine { $0.activeReads } }

    /// Runs a read when no update works.
    ///
    /// **Cancellation**: throws `CancellationError` while it waits; then it is the read's own.
    ///
    /// - Parameter work: The read.
    /// - Returns: What it returns.
    /// - Throws: `CancellationError`, and what it throws.
    public func read<Output>(_ work: () async throws -> Output) async throws -> Output {
        try await desk.wait(in: \.reads) { caller, continuation in
            let answer = desk.withMachine { $0.beginRead(caller, continuation) }
            if answer == nil { sink.raise(Self.waiting) }
            return answer
        }
        defer { desk.change { $0.endRead(&$1) } }
        return try await work()
    }

    /// Runs an update when nothing else runs.
    ///
    /// **Cancellation**: throws `CancellationError` while it waits; then it is the update's own.
    ///
    /// - Parameter work: The update.
    /// - Returns: What it returns.
    /// - Throws: `CancellationError`, and what it throws; the gate opens again either way.
    public func update<Output>(_ work: () async throws -> Output) async throws -> Output {
        do {
            try await desk.wait(in: \.updates) { caller, continuation in
                desk.withMachine { $0.beginUpdate(caller, continuation) }
            }
        } catch {
            desk.change { $0.giveUpUpdate(&$1) }
            throw error
        }
        let time = sink.timeSource
        let event = SignalEvent(Self.updating, timestamp: time.now, timeSource: time)
        sink.raise(event)
        defer {
            sink.raise(Self.updated)
            sink.retract(Self.updating, of: event.operationID, pattern: nil)
            desk.change { $0.endUpdate(&$1) }
        }
        return try await work()
    }
}

/// The state machine of a gate under its lock.
private final class UpdateDesk: Desk {
    typealias Machine = UpdateGateState
    private let machine = Mutex(UpdateGateState())

    static var noEffects: [WaitingLine<Void>.Continuation] { [] }

    func withMachine<Result: Sendable>(_ body: (inout Machine) -> Result) -> Result { machine.withLock { body(&$0) } }

    func perform(_ effects: [WaitingLine<Void>.Continuation]) {
        for continuation in effects { continuation.resume() }
    }
}
