import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct NoReadDuringUpdateInvariantTests {
    /// An update from 10 to 20 ms, while read 1 waits; its start is what differs.
    private func check(
        start: Double,
        sent: Bool = false,
        clock: RunClock = .virtual,
        _ further: (inout HistoryScript) -> Void = { _ in }
    ) -> Finding {
        let history = HistoryScript.make {
            $0.lane("update", 0)
            $0.lane("read", 1)
            $0.lane("read", 2)
            $0.lane("update", 3)
            $0.submit(0, at: 1)
            $0.submit(1, at: 5)
            if sent { $0.signal("update.in-progress", .signalSent, at: 10) }
            $0.signal("update.in-progress", at: 10)
            $0.start(0, at: 10)
            $0.complete(0, at: 20)
            $0.signal("update.done", at: 20)
            $0.signal("update.in-progress", .signalRetracted, at: 20)
            $0.start(1, at: start)
            $0.complete(1, at: start + 5)
            further(&$0)
        }
        return NoReadDuringUpdateInvariant.check(.of(history, clock: clock), options: .init())
    }

    @Test func aReadAfterTheUpdatePasses() {
        #expect(check(start: 20) == .pass("no read during 1 update, 1 of them with reads waiting"))
    }

    @Test func aReadThatStartsDuringTheUpdateFails() {
        #expect(
            check(start: 15)
                == .fail("#1 started at 15.000 ms, while 'update.in-progress' was raised since 10.000 ms")
        )
    }

    @Test func aReadThatStillRunsWhenTheUpdateBeginsFails() {
        #expect(
            check(start: 7)
                == .fail("'update.in-progress' was raised at 10.000 ms, while a read was running: #1")
        )
    }

    @Test func aSecondUpdateBesideTheFirstFails() {
        let finding = check(start: 20) {
            $0.submit(3, at: 1)
            $0.start(3, at: 12)
            $0.complete(3, at: 13)
        }
        #expect(finding.verdict == .fail)
    }

    @Test(arguments: [(15.0, InvariantVerdict.fail), (25, .fail), (35, .fail), (40, .pass)])
    func announcementsThatOverlapAreJudgedToTheirLastEnd(start: Double, verdict: InvariantVerdict) {
        let history = HistoryScript.make {
            $0.lane("read", 0)
            for (begin, end) in [(10.0, 30.0), (20, 40)] {
                $0.signal("update.in-progress", .signalSent, at: begin)
                $0.signal("update.in-progress", at: begin)
                $0.signal("update.in-progress", .signalRetracted, at: end)
            }
            $0.submit(0, at: 5)
            $0.start(0, at: start)
            $0.complete(0, at: 50)
        }
        let finding = NoReadDuringUpdateInvariant.check(.of(history, clock: .virtual), options: .init())
        #expect(finding.verdict == verdict)
    }

    /// An update from 10 to 20 ms within an announcement of the timeline from 5 to 30 ms, while a read waits.
    private func checkWithin(start: Double, _ further: (inout HistoryScript) -> Void = { _ in }) -> Finding {
        let history = HistoryScript.make {
            $0.lane("update", 0)
            $0.lane("read", 1)
            $0.signal("update.in-progress", .signalSent, at: 5)
            $0.signal("update.in-progress", at: 5)
            $0.submit(0, at: 6)
            $0.submit(1, at: 6)
            further(&$0)
            $0.signal("update.in-progress", at: 10)
            $0.start(0, at: 10)
            $0.complete(0, at: 20)
            $0.signal("update.done", at: 20)
            $0.signal("update.in-progress", .signalRetracted, at: 20)
            $0.start(1, at: start)
            $0.complete(1, at: 45)
            $0.signal("update.in-progress", .signalRetracted, at: 30)
        }
        return NoReadDuringUpdateInvariant.check(.of(history, clock: .virtual), options: .init())
    }

    @Test func theEndOfAnUpdateAnswersWhatTheTimelineAnnouncedBefore() {
        #expect(checkWithin(start: 25).verdict == .pass)
        #expect(checkWithin(start: 15).verdict == .fail)
    }

    @Test func theTimelineDoesNotEndAnUpdateThatRuns() {
        let finding = checkWithin(start: 15) {
            $0.signal("update.done", .signalSent, at: 12)
            $0.signal("update.done", at: 12)
        }
        #expect(finding == .fail("#1 started at 15.000 ms, while 'update.in-progress' was raised since 10.000 ms"))
    }

    @Test func readsThatRunWhenTheTimelineRaisesTheSignalGoOn() {
        #expect(check(start: 7, sent: true).verdict == .unknown)
        #expect(check(start: 20, sent: true).verdict == .pass)
        #expect(check(start: 15, sent: true).verdict == .fail)
    }

    @Test func onTheMachinesClockAStartMayFollowTheTimelinesSignal() {
        #expect(check(start: 15, sent: true, clock: .real).verdict == .pass)
        #expect(check(start: 15, clock: .real).verdict == .fail)
    }

    @Test func withoutUpdatesItIsUnknown() {
        let history = HistoryScript.make { $0.run(0, submitted: 1, started: 2, completed: 3) }
        #expect(NoReadDuringUpdateInvariant.check(.of(history), options: .init()) == .unknown("there was no update"))
    }

    @Test func updatesThatNoReadMetAreUnknown() {
        let history = HistoryScript.make {
            $0.signal("update.in-progress", at: 1)
            $0.signal("update.done", at: 2)
            $0.run(0, submitted: 3, started: 3, completed: 4)
        }
        let finding = NoReadDuringUpdateInvariant.check(.of(history), options: .init())
        #expect(finding == .unknown("no read waited during an update"))
    }
}
