import HarnessKit
import Testing

@testable import LeakyBucket

@Suite
struct SpacingInvariantTests {
    private func finding(startsAt milliseconds: [Int64]) -> Finding {
        var history = History()
        for (index, time) in milliseconds.enumerated() {
            history.events.append(
                HistoryEvent(time: time * 1_000_000, kind: .started, operation: Int32(index), attempt: 1)
            )
        }
        let evidence = Evidence(
            history: history,
            accounting: TargetAccounting(),
            tally: Tally(),
            targetOptions: .object([:]),
            capabilities: LeakyBucketTarget.capabilities,
            highestConcurrency: 1
        )
        return SpacingInvariant.check(
            evidence,
            options: SpacingInvariant.Options()
        )
    }

    @Test
    func startsApartPass() {
        guard case .pass = finding(startsAt: [0, 10, 25]) else {
            Issue.record("no pass")
            return
        }
    }

    @Test
    func aStartTooEarlyFailsAndIsNamed() {
        guard case .fail(let text) = finding(startsAt: [0, 10, 14]) else {
            Issue.record("no failure")
            return
        }
        #expect(text.hasPrefix("#2 started"))
    }

    @Test
    func oneStartProvesNothing() {
        guard case .unknown = finding(startsAt: [5]) else {
            Issue.record("not unknown")
            return
        }
    }
}
