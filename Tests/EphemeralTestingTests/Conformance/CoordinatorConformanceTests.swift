import Ephemeral
import EphemeralTesting
import Testing

/// The library's coordinators keep the rules of the protocol, each kind in its own way.
@Suite(.timeLimit(.minutes(1)))
struct CoordinatorConformanceTests {
    /// A kind of coordinator.
    enum Kind: String, CaseIterable {
        case work, keyed, fair, result, priority, keyedPriority

        var conformance: CoordinatorConformance {
            CoordinatorConformance { options, body in try subject(options, body) }
        }

        private func subject(
            _ options: EphemeralOptions,
            _ body: @escaping CoordinatorConformance.Body
        ) throws -> CoordinatorConformance.Subject {
            switch self {
            case .work:
                let coordinator = try WorkCoordinator<Int>(options: options, body: body)
                return .init(coordinator) { try await coordinator.enqueue($0) }
            case .keyed, .fair:
                var options = options
                options.keys.enableFairScheduling = self == .fair
                let coordinator = try KeyedWorkCoordinator<Int, Int>(options: options, key: { $0 }, body: body)
                return .init(coordinator) { try await coordinator.enqueue($0) }
            case .result:
                let coordinator = try ResultCoordinator<Int, Int>(options: options) { input in
                    try await body(input)
                    return input
                }
                return .init(coordinator) { try await coordinator.enqueue($0) }
            case .priority:
                let coordinator = try PriorityWorkCoordinator<Int>(options: options) { item, _ in try await body(item) }
                return .init(coordinator) { try await coordinator.enqueue($0) }
            case .keyedPriority:
                let coordinator = try KeyedPriorityWorkCoordinator<Int, Int>(options: options, key: { $0 }) { item, _ in
                    try await body(item)
                }
                return .init(coordinator) { try await coordinator.enqueue($0) }
            }
        }
    }

    /// A rule that a kind has to keep.
    struct Duty: Sendable, CustomStringConvertible {
        let kind: Kind
        let check: ConformanceCheck

        var description: String { "\(kind): \(check)" }
    }

    static let duties = Kind.allCases.flatMap { kind in
        kind.conformance.checks.map { Duty(kind: kind, check: $0) }
    }

    @Test(arguments: duties)
    func everyKindKeepsTheRules(_ duty: Duty) async throws {
        try await duty.kind.conformance.run(duty.check)
    }
}
