import Ephemeral
import EphemeralTesting
import Testing

/// The library's coordinators keep the rules of the protocol, each kind in its own way.
@Suite(.timeLimit(.minutes(1)))
struct CoordinatorConformanceTests {
    /// A kind of coordinator and how one is made.
    enum Kind: String, CaseIterable {
        case work

        var conformance: CoordinatorConformance {
            switch self {
            case .work:
                CoordinatorConformance { options, body in
                    let coordinator = try WorkCoordinator<Int>(options: options, body: body)
                    return CoordinatorConformance.Subject(coordinator) { try await coordinator.enqueue($0) }
                }
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
