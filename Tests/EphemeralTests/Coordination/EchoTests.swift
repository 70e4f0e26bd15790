import EphemeralTesting
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct EchoTests {
    let stage = Stage()

    @Test func nothingIsKeptUnlessAskedFor() throws {
        let coordinator = try stage.coordinator { $0.maxTrackedOperations = 0 }
        #expect(coordinator.tryEnqueue(1))
        stage.open()
        #expect(coordinator.snapshot().isEmpty && coordinator.echoes().isEmpty)
    }

    @Test func theLastOperationsThatLeftAreKeptInTheOrderInWhichTheyLeft() throws {
        let coordinator = try stage.coordinator { options in
            options.maxTrackedOperations = 1
            options.echo = .retain(count: 2, for: .seconds(60))
        }
        for item in 1...4 { #expect(coordinator.tryEnqueue(item)) }
        stage.open()
        let visible = coordinator.snapshot().map(\.id)
        let echoes = coordinator.echoes()
        #expect(visible.count == 1 && echoes.count == 2)
        #expect(Set(echoes.map(\.id)).isDisjoint(with: visible))
        #expect(echoes.map(\.outcome.name) == ["completed", "completed"])
        #expect(echoes.allSatisfy { $0.leftAt >= $0.completedAt })
    }

    @Test func anEchoFadesAfterItsTime() throws {
        let coordinator = try stage.coordinator { options in
            options.maxTrackedOperations = 0
            options.echo = .retain(count: 10, for: .seconds(60))
        }
        #expect(coordinator.tryEnqueue(1))
        stage.open()
        stage.time.advance(by: .milliseconds(59_999))
        #expect(coordinator.echoes().count == 1)
        stage.time.advance(by: .milliseconds(1))
        #expect(coordinator.echoes().isEmpty)
    }

    @Test func whatIsEvictedByHandLeavesAnEchoToo() throws {
        let coordinator = try stage.coordinator { $0.echo = .retain(count: 10, for: .seconds(60)) }
        #expect(coordinator.tryEnqueue(1))
        stage.open()
        let id = try #require(coordinator.snapshot().first?.id)
        #expect(coordinator.evict(id))
        #expect(coordinator.echoes().map(\.id) == [id])
    }

    @Test func anEchoKeepsKeyAndErrorButNeitherResultNorSignals() throws {
        var options = stage.options()
        options.maxTrackedOperations = 0
        options.echo = .retain(count: 10, for: .seconds(60))
        let keyed = try KeyedWorkCoordinator<String, Int>(options: options, key: { "key \($0)" }) { item, context in
            context.emit("seen")
            throw Failure(number: item)
        }
        #expect(keyed.tryEnqueue(7))
        stage.run()
        let echo = try #require(keyed.echoes().first)
        #expect(echo.key == "key 7" && echo.outcome.name == "failed")
        #expect(keyed.signals().isEmpty)

        let payloads = WeakPayloads()
        let results = try ResultCoordinator<Int, Payload>(options: options) { _ in payloads.make() }
        #expect(results.tryEnqueue(1) != nil)
        stage.run()
        #expect(results.echoes().count == 1)
        #expect(payloads.areGone)
    }

    @Test(arguments: [EchoPolicy.retain(count: 0, for: .seconds(1)), .retain(count: 1, for: .zero)])
    func aPolicyThatKeepsNothingIsRefused(policy: EchoPolicy) {
        #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) {
            _ = try stage.coordinator { $0.echo = policy }
        }
    }

    private final class Payload: Sendable {}

    /// Payloads that live only as long as somebody else holds them.
    private final class WeakPayloads: Sendable {
        private struct Reference: Sendable {
            weak let payload: Payload?
        }

        private let references = Journal<Reference>()

        func make() -> Payload {
            let payload = Payload()
            references.record(Reference(payload: payload))
            return payload
        }

        var areGone: Bool { references.elements.allSatisfy { $0.payload == nil } && !references.elements.isEmpty }
    }
}
