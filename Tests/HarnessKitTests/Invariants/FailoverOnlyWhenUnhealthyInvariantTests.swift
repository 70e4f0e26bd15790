import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct FailoverOnlyWhenUnhealthyInvariantTests {
    /// The primary processes operations from 10 ms on, one every 10 ms, which fail or not.
    private static func outcomes(_ outcomes: [Bool], _ script: inout HistoryScript) {
        for (index, succeeds) in outcomes.enumerated() {
            let time = Double(index + 1) * 10
            script.submit(Int32(index), at: time)
            script.signal("route.assigned:pri1:\(index)", at: time)
            script.start(Int32(index), in: 1, at: time)
            if succeeds {
                script.complete(Int32(index), at: time + 5)
            } else {
                script.fail(Int32(index), at: time + 5)
            }
        }
    }

    private func check(window: Duration = .seconds(10), _ write: (inout HistoryScript) -> Void) -> Finding {
        FailoverOnlyWhenUnhealthyInvariant.check(
            .of(HistoryScript.make(write), options: ["maxConcurrency": .integer(1)]),
            options: .init(window: DurationText(window), slack: DurationText(.milliseconds(1)))
        )
    }

    @Test func afterFailuresInARowABackupTakesOverUntilAGoodProbe() {
        let finding = check {
            Self.outcomes([true, false, false, false], &$0)
            $0.signal("failover.requested:pri1→pri2", at: 46)
            $0.signal("route.assigned:pri2:7", at: 50)
            $0.signal("probe.success:pri1", at: 60)
            $0.signal("failover.restored:pri1", at: 60)
        }
        #expect(finding == .pass("1 failover, 1 restoration, 1 operation passed over an unhealthy member"))
    }

    @Test func tooFewFailuresAreNoReason() {
        let finding = check {
            Self.outcomes([false, false], &$0)
            $0.signal("failover.requested:pri1→pri2", at: 26)
        }
        #expect(finding == .fail("member 1 was declared unhealthy at 26.000 ms after 2 failures; the threshold is 3"))
    }

    @Test func failuresWithASuccessBetweenThemAreNotInARow() {
        let finding = check {
            Self.outcomes([false, false, true, false], &$0)
            $0.signal("failover.requested:pri1→pri2", at: 46)
        }
        #expect(
            finding
                == .fail(
                    "member 1 was declared unhealthy at 46.000 ms, although 1 operations succeeded since the first of its last "
                        + "3 failures"
                )
        )
    }

    @Test func failuresOutsideTheWindowDoNotCount() {
        let finding = check(window: .milliseconds(15)) {
            Self.outcomes([false, false, false], &$0)
            $0.signal("failover.requested:pri1→pri2", at: 36)
        }
        #expect(finding.verdict == .fail && finding.text.contains("outside the window of 15.000 ms"))
    }

    @Test func aHealthyMemberIsNotPassedOver() {
        let finding = check {
            Self.outcomes([true], &$0)
            $0.signal("route.assigned:pri2:7.3.0", at: 50)
        }
        #expect(finding == .fail("#7 was given to member 2 at 50.000 ms, although member 1 was healthy"))
    }

    @Test func whatFailedBeforeMayGoToABackup() {
        let finding = check {
            Self.outcomes([false], &$0)
            $0.signal("route.assigned:pri2:0", at: 16)
        }
        #expect(finding == .unknown("no member became unhealthy"))
    }

    @Test func aRestorationNeedsAGoodProbe() {
        let finding = check {
            Self.outcomes([false, false, false], &$0)
            $0.signal("failover.requested:pri1→pri2", at: 36)
            $0.signal("failover.restored:pri1", at: 60)
        }
        #expect(finding == .fail("member 1 was restored at 60.000 ms without a good probe"))
    }

    @Test func withoutAHistoryTheAnswerIsUnknown() {
        #expect(FailoverOnlyWhenUnhealthyInvariant.check(.of(nil), options: .init()).verdict == .unknown)
    }
}
