import EphemeralTime
import Foundation
import HarnessKit
import Synchronization
import Testing

@testable import HarnessTargets

/// A peer under test, by its plugin type.
struct Peer: Sendable, CustomTestStringConvertible {
    let type: any Target.Type

    /// Those that run operations without keys and results.
    static let all = PeerTargets.all.map { Peer(type: $0) }
        .filter { !$0.type.capabilities.isKeyed && $0.type != TaskPerOperationPeer.self }
    static let pushed = all.filter { $0.type.capabilities.intake == .push }
    static let queued = all.filter { $0.type.capabilities.refuses }

    var testDescription: String { type.id }

    func make(options: String, probe: BodyProbe, lanes: [String] = []) async throws -> any TargetInstance {
        try await type.make(json: options, probe: probe, lanes: lanes)
    }

    func validate(options: String) throws {
        try type.validate(json: options)
    }
}

extension Target {
    fileprivate static func make(
        json: String,
        probe: BodyProbe,
        lanes: [String]
    ) async throws -> any TargetInstance {
        var environment = TargetEnvironment(
            body: OperationBody { try await probe.run($0) },
            time: SystemTimeSource(),
            executor: nil,
            observer: TargetObserver(
                discard: { probe.discard($0) },
                deliver: { probe.deliver($0, result: $1) },
                emit: { probe.emit($0, $1) }
            )
        )
        environment.lanes = lanes
        return try await make(
            options: JSONDecoder().decode(Options.self, from: Data(json.utf8)),
            environment: environment
        )
    }

    fileprivate static func validate(json: String) throws {
        try validate(JSONDecoder().decode(Options.self, from: Data(json.utf8)))
    }
}

/// The body of a test, with a record of what a peer did with it.
final class BodyProbe: Sendable {
    struct Record {
        var started: [Int: Int] = [:]
        /// Operations in the order of their starts.
        var order: [Int] = []
        var discarded: Set<Int> = []
        /// What waiters were told, by the operation that they waited for.
        var delivered: [Int: [Int?]] = [:]
        /// What the target told to be signals of single operations.
        var emitted: [Int: [String]] = [:]
        var active = 0
        var peak = 0
    }

    private let record = Mutex(Record())
    private let work: @Sendable (HarnessKit.Operation, _ active: Int) async throws -> Void

    init(
        work: @escaping @Sendable (_ operation: HarnessKit.Operation, _ active: Int) async throws -> Void = { _, _ in }
    ) {
        self.work = work
    }

    var seen: Record { record.withLock { $0 } }

    func run(_ operation: HarnessKit.Operation) async throws {
        let active = record.withLock { record in
            record.started[operation.index, default: 0] += 1
            record.order.append(operation.index)
            record.active += 1
            record.peak = max(record.peak, record.active)
            return record.active
        }
        defer { record.withLock { $0.active -= 1 } }
        try await work(operation, active)
    }

    func deliver(_ operation: HarnessKit.Operation, result: Int?) {
        record.withLock { $0.delivered[operation.index, default: []].append(result) }
    }

    func emit(_ operation: HarnessKit.Operation, _ signal: String) {
        record.withLock { $0.emitted[operation.index, default: []].append(signal) }
    }

    func discard(_ operation: HarnessKit.Operation) {
        record.withLock { _ = $0.discarded.insert(operation.index) }
    }
}

extension TargetInstance {
    /// Offers operations 0..<count in the way the target takes them, and returns how many were accepted.
    @discardableResult
    func feed(_ count: Int, intake: TargetCapabilities.Intake, synchronously: Bool = true) async throws -> Int {
        guard intake == .push else {
            try await run(.counting(to: count, synchronously: synchronously))
            return count
        }
        var accepted = 0
        for index in 0..<count {
            let operation = HarnessKit.Operation(index: index)
            switch trySubmit(operation) {
            case .accepted: accepted += 1
            case .refused: break
            case .wouldSuspend: accepted += try await submit(operation) == .accepted ? 1 : 0
            }
        }
        return accepted
    }
}

extension OperationSource {
    static func counting(to count: Int, synchronously: Bool) -> OperationSource {
        let counter = Counter()
        let pull: @Sendable () -> HarnessKit.Operation? = {
            let index = counter.next()
            return index < count ? HarnessKit.Operation(index: index) : nil
        }
        return OperationSource(synchronous: synchronously ? SynchronousOperations(pull: pull) : nil) { pull() }
    }

    private final class Counter: Sendable {
        private let value = Atomic(0)
        func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
    }
}
