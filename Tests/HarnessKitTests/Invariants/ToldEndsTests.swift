import Testing

@testable import HarnessKit

/// Operations whose target tells when they have ended.
@Suite(.timeLimit(.minutes(1)))
struct ToldEndsTests {
    private func check(
        accounting: TargetAccounting = TargetAccounting(),
        _ write: (inout HistoryScript) -> Void
    ) -> Finding {
        ConservationInvariant.check(
            .of(HistoryScript.make(write), accounting: accounting),
            options: .init()
        )
    }

    @Test func anOperationEndsAsItsTargetTells() {
        let finding = check {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.end(0, at: 3)
            $0.run(1, submitted: 0, started: 1, completed: 2)
            $0.end(1, at: 3, error: "broken")
            $0.submit(2, at: 0)
            $0.end(2, at: 3, error: "PipelineError")
            $0.submit(3, at: 0)
            $0.start(3, at: 1)
            $0.fail(3, at: 2)
            $0.end(3, at: 3, error: "CancellationError")
        }
        #expect(finding == .pass("4 accepted operations: 1 completed, 2 failed, 1 cancelled, 0 discarded"))
    }

    @Test func anOperationThatIsNeverToldToHaveEndedIsLost() {
        let finding = check {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.end(0, at: 2)
            $0.submit(1, at: 1)
            $0.start(1, at: 1)
            $0.fail(1, at: 2)
        }
        #expect(
            finding
                == .fail(
                    "1 accepted operation neither came to an end nor was dropped with notice: #1, accepted at 1.000 ms"
                )
        )
    }

    @Test func anOperationThatEndsTwiceFails() {
        let finding = check {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.end(0, at: 2)
            $0.end(0, at: 3)
        }
        #expect(finding == .fail("operation #0 was told to have ended 2 times"))
    }

    @Test func anOperationThatBeginsAfterItsEndFails() {
        let finding = check {
            $0.submit(0, at: 0)
            $0.start(0, at: 1)
            $0.fail(0, at: 2)
            $0.end(0, at: 2, error: "transient")
            $0.start(0, at: 5, attempt: 2)
            $0.complete(0, at: 6, attempt: 2)
        }
        #expect(finding == .fail("operation #0 began again after the target had told that it had ended"))
    }

    @Test func anOperationThatBothEndedAndWasDroppedFails() {
        let finding = check {
            $0.submit(0, at: 0)
            $0.add(.discarded, 0, at: 1)
            $0.end(0, at: 2, error: "x")
        }
        #expect(finding == .fail("operation #0 was told both to have ended and to have been dropped"))
    }
}
