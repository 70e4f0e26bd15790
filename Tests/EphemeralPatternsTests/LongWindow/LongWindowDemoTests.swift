import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LongWindowDemoTests {
    @Test(arguments: [(100, 10, 10), (10, 100, 10), (50, 50, 50), (0, 10, 0), (30, 0, 0), (6000, 5000, 5000)])
    func asManyOperationsAreVisibleAsTheWindowSays(_ items: Int, _ window: Int, _ tracked: Int) async throws {
        let report = try await LongWindowDemo.run(totalItems: items, windowSize: window)
        #expect(report.totalItems == items && report.windowSize == window && report.trackedCount == tracked)
    }

    @Test(arguments: [(-1, 1, 0), (1, -1, 0), (1, 1, -1)])
    func negativeValuesAreRefused(_ items: Int, _ window: Int, _ delay: Int) async {
        await #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) {
            try await LongWindowDemo.run(totalItems: items, windowSize: window, workDelay: .milliseconds(delay))
        }
    }

    @Test func aWindowForAnAuditKeepsWhatHasEndedLongAgoInEverySchedule() async throws {
        try await explore { options, _ in
            let report = try await LongWindowDemo.run(
                totalItems: 60,
                windowSize: 40,
                workDelay: .seconds(3600),
                options: options
            )
            return (report.trackedCount == 40).orElse("\(report)")
        }
    }
}
