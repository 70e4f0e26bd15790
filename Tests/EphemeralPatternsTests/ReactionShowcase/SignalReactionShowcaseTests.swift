import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalReactionShowcaseTests {
    /// D77: all mechanisms see every item, and those that hold back and drop are shown too.
    @Test(arguments: [1, 8, 500])
    func everyMechanismSeesEveryItem(_ count: Int) async throws {
        let report = try await SignalReactionShowcase.run(itemCount: count)
        #expect(report.dispatchedHits == count && report.polledHits == count)
        #expect(report.immediateHits == count && report.backgroundHits == count)
        #expect(report.startedWhileHeld == 0 && report.dropped == 1)
    }

    @Test func itsSignalsAreThoseOfTheItemsBetweenTheHoldAndTheStop() async throws {
        let report = try await SignalReactionShowcase.run(itemCount: 2, options: EphemeralOptions(maxConcurrency: 1))
        #expect(
            report.signals == [
                "showcase.hold", "stage.start:0", "stage.done:0", "stage.start:1", "stage.done:1", "showcase.stop",
            ]
        )
    }

    @Test(arguments: [0, -3])
    func aRunWithoutItemsIsRefused(_ count: Int) async {
        await #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) {
            try await SignalReactionShowcase.run(itemCount: count)
        }
    }

    @Test func everyScheduleCountsTheSame() async throws {
        try await explore { options, _ in
            let report = try await SignalReactionShowcase.run(itemCount: 8, options: options)
            let hits = [report.dispatchedHits, report.polledHits, report.immediateHits, report.backgroundHits]
            return (hits == [8, 8, 8, 8] && report.startedWhileHeld == 0 && report.dropped == 1).orElse("\(report)")
        }
    }
}
