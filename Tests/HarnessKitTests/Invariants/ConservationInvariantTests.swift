import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ConservationInvariantTests {
    private func check(
        accounting: TargetAccounting = TargetAccounting(),
        _ write: (inout HistoryScript) -> Void
    ) -> Finding {
        ConservationInvariant.check(.of(HistoryScript.make(write), accounting: accounting), options: .init())
    }

    private func accounting(
        enqueued: Int,
        pending: Int = 0,
        active: Int = 0,
        completed: Int,
        failed: Int = 0,
        cancelled: Int = 0
    ) -> TargetAccounting {
        var counts = TargetAccounting()
        counts.enqueued = enqueued
        counts.pending = pending
        counts.active = active
        counts.completed = completed
        counts.failed = failed
        counts.cancelled = cancelled
        return counts
    }

    @Test func operationsThatAllEndOncePass() {
        let finding = check(accounting: accounting(enqueued: 4, completed: 2, failed: 1, cancelled: 1)) {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.submit(1, at: 0)
            $0.start(1, at: 1)
            $0.fail(1, at: 2)
            $0.submit(2, at: 0)
            $0.add(.discarded, 2, at: 3)
            $0.submit(3, at: 0)
            $0.start(3, at: 1)
            $0.fail(3, at: 2)
            $0.start(3, at: 3, attempt: 2)
            $0.complete(3, at: 4, attempt: 2)
            $0.add(.submitted, 4, at: 5)
            $0.add(.refused, 4, at: 5)
        }
        #expect(finding == .pass("4 accepted operations: 2 completed, 1 failed, 0 cancelled, 1 discarded"))
    }

    @Test func anOperationThatVanishesFails() {
        let finding = check {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.submit(1, at: 2.5)
        }
        #expect(
            finding
                == .fail(
                    "1 accepted operation neither came to an end nor was dropped with notice: #1, accepted at 2.500 ms"
                )
        )
    }

    @Test func anOperationThatTheTargetStillCountsIsUnknown() {
        let finding = check(accounting: accounting(enqueued: 2, pending: 1, completed: 1)) {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.submit(1, at: 2)
        }
        #expect(finding.verdict == .unknown)
    }

    @Test func anOperationThatFinishesTwiceFails() {
        let finding = check {
            $0.run(3, submitted: 0, started: 1, completed: 2)
            $0.start(3, at: 3, attempt: 2)
            $0.complete(3, at: 4, attempt: 2)
        }
        #expect(finding == .fail("operation #3 finished 2 times, first at 2.000 ms"))
    }

    @Test func anOperationThatIsRunAgainAfterItsEndFails() {
        let finding = check {
            $0.run(3, submitted: 0, started: 1, completed: 2)
            $0.start(3, at: 3, attempt: 2)
            $0.fail(3, at: 4, attempt: 2)
        }
        #expect(finding == .fail("operation #3 finished at 2.000 ms and was run again"))
    }

    @Test func anAttemptThatNeverEndsFails() {
        let finding = check {
            $0.submit(0, at: 0)
            $0.start(0, at: 1)
        }
        #expect(finding == .fail("operation #0 started at 1.000 ms and never ended"))
    }

    @Test func aRefusedOperationThatStartsFails() {
        let finding = check {
            $0.add(.submitted, 0, at: 0)
            $0.add(.refused, 0, at: 0.5)
            $0.start(0, at: 1)
            $0.complete(0, at: 2)
        }
        #expect(finding == .fail("operation #0 was refused at 0.500 ms and started at 1.000 ms"))
    }

    @Test func anOperationThatWasNeverAcceptedFails() {
        let finding = check {
            $0.add(.submitted, 0, at: 0)
            $0.start(0, at: 1)
            $0.complete(0, at: 2)
        }
        #expect(finding == .fail("operation #0 started at 1.000 ms and was never accepted"))
    }

    @Test func aDroppedOperationThatStartsFails() {
        let finding = check {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.add(.discarded, 0, at: 3)
        }
        #expect(finding.verdict == .fail)
    }

    @Test func countsOfTheTargetThatDoNotAddUpFail() {
        let finding = check(accounting: accounting(enqueued: 2, completed: 1)) {
            $0.run(0, submitted: 0, started: 1, completed: 2)
        }
        #expect(finding.text.hasPrefix("the target's own counts do not add up: enqueued 2"))
        #expect(finding.verdict == .fail)
    }

    @Test func aTargetThatCountsOtherwiseFails() {
        let finding = check(accounting: accounting(enqueued: 1, completed: 0, failed: 1)) {
            $0.run(0, submitted: 0, started: 1, completed: 2)
        }
        #expect(finding == .fail("the target counts 0 completed operations, the harness saw 1"))
    }

    @Test(arguments: [(active: 1, verdict: InvariantVerdict.pass), (active: 0, verdict: .fail)])
    func anEndThatTheTargetHasNotNotedYetIsExcusedByAnActiveOperation(active: Int, verdict: InvariantVerdict) {
        let counts = accounting(enqueued: 2, pending: 1 - active, active: active, completed: 1)
        let finding = check(accounting: counts) {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.run(1, submitted: 0, started: 1, completed: 2)
        }
        #expect(finding.verdict == verdict)
    }

    @Test func aRunWithoutOperationsIsUnknown() {
        #expect(check { _ in }.verdict == .unknown)
    }

    struct Counts: Sendable {
        var accepted: Int
        var started: Int
        var completed: Int
        var discarded = 0
        var verdict: InvariantVerdict
    }

    @Test(arguments: [
        Counts(accepted: 5, started: 5, completed: 5, verdict: .pass),
        Counts(accepted: 5, started: 4, completed: 4, discarded: 1, verdict: .pass),
        Counts(accepted: 5, started: 4, completed: 4, verdict: .fail),
        Counts(accepted: 5, started: 5, completed: 4, verdict: .fail),
        Counts(accepted: 4, started: 5, completed: 5, verdict: .fail),
        Counts(accepted: 0, started: 0, completed: 0, verdict: .unknown),
    ])
    func countsAloneAnswerWithoutAHistory(counts: Counts) {
        var tally = Tally()
        tally.accepted = counts.accepted
        tally.started = counts.started
        tally.completed = counts.completed
        tally.discarded = counts.discarded
        #expect(ConservationInvariant.check(.of(nil, tally: tally), options: .init()).verdict == counts.verdict)
    }

    @Test func countsAloneCannotTellRetriesFromDuplicates() {
        var tally = Tally()
        tally.accepted = 5
        tally.started = 6
        tally.completed = 5
        tally.failed = 1
        #expect(ConservationInvariant.check(.of(nil, tally: tally), options: .init()).verdict == .unknown)
    }
}
