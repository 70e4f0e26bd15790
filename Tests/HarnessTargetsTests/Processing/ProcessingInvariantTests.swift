import HarnessKit
import Testing

@testable import HarnessTargets

/// What the invariants of processing targets say about histories written by hand.
@Suite(.timeLimit(.minutes(1)))
struct ProcessingInvariantTests {
    /// Events of one operation, one letter each: accepted, started, completed, failed, cancelled, explained by the target,
    /// another signal of the operation.
    private static let kinds: [Character: HistoryEvent.Kind] = [
        "a": .accepted, "s": .started, "c": .completed, "f": .failed, "x": .cancelled, "e": .emitted, "o": .emitted,
    ]

    private static func check<Plugin: Invariant>(
        _ invariant: Plugin.Type,
        _ operations: String...,
        stored: Int,
        done: Int,
        dead: Int = 0,
        pending: Int = 0
    ) -> Finding where Plugin.Options == NoOptions {
        var history = History()
        history.signalNames = ["other", Explanation.deadLetter.rawValue]
        for (number, letters) in operations.enumerated() {
            for (time, letter) in letters.enumerated() {
                guard let kind = kinds[letter] else { continue }
                let name: Int32 = letter == "e" ? 1 : 0
                history.events.append(
                    HistoryEvent(time: Int64(time), kind: kind, operation: Int32(number), detail: name)
                )
            }
        }
        var accounting = TargetAccounting()
        (accounting.enqueued, accounting.completed, accounting.failed) = (stored, done, dead)
        (accounting.pending, accounting.active, accounting.cancelled) = (pending, 0, 0)
        let evidence = Evidence(
            history: history,
            accounting: accounting,
            tally: Tally(),
            targetOptions: .object([:]),
            capabilities: QueueTarget.capabilities,
            highestConcurrency: 0
        )
        return invariant.check(evidence, options: NoOptions())
    }

    private static func word(_ finding: Finding) -> String {
        switch finding {
        case .pass: "pass"
        case .fail(let text): "fail: \(text)"
        case .unknown: "unknown"
        }
    }

    @Test func anAcknowledgedJobThatNeverRanIsFound() {
        let finding = Self.check(AcknowledgedImpliesExecuted.self, "asc", "a", stored: 2, done: 1)
        #expect(
            Self.word(finding)
                == "fail: 1 acknowledged operations never ran to success, and their jobs are not among the 0 dead "
                + "letters: #1 is one of them"
        )
    }

    @Test func aDeadLetterExplainsAJobThatNeverRanToSuccess() {
        let finding = Self.check(AcknowledgedImpliesExecuted.self, "asc", "asfsfe", stored: 2, done: 1, dead: 1)
        #expect(Self.word(finding) == "pass")
    }

    @Test func theDeadLetterOfAnotherOperationExplainsNothing() {
        // The last one was done, and its worker lost the lease before it could say so.
        let finding = Self.check(AcknowledgedImpliesExecuted.self, "asc", "a", "asce", stored: 3, done: 2, dead: 1)
        #expect(Self.word(finding).hasPrefix("fail: 1 acknowledged operations never ran to success"))
        #expect(Self.word(finding).hasSuffix("#1 is one of them"))
    }

    @Test func anyOtherSignalOfAnOperationExplainsNothing() {
        let finding = Self.check(AcknowledgedImpliesExecuted.self, "asc", "asfo", "asfe", stored: 3, done: 1, dead: 1)
        #expect(Self.word(finding).hasSuffix("#1 is one of them"))
    }

    @Test func jobsThatAreLeftInTheStoreLeaveTheQuestionOpen() {
        let finding = Self.check(AcknowledgedImpliesExecuted.self, "asc", "a", stored: 2, done: 1, pending: 1)
        #expect(Self.word(finding) == "unknown")
    }

    @Test func deadLettersThatNobodyHasListedLeaveTheQuestionOpen() {
        let finding = Self.check(AcknowledgedImpliesExecuted.self, "asc", "asf", stored: 2, done: 1, dead: 1)
        #expect(Self.word(finding) == "unknown")
    }

    @Test func aLossIsNotToldWhileDeadLettersAreNotListed() {
        let finding = Self.check(CrashLosesNothing.self, "asc", "asx", stored: 2, done: 1, dead: 1)
        #expect(Self.word(finding) == "unknown")
    }

    @Test func aLossIsNotToldWhileJobsAreLeftInTheStore() {
        let finding = Self.check(CrashLosesNothing.self, "asc", "asx", stored: 2, done: 1, pending: 1)
        #expect(Self.word(finding) == "unknown")
    }

    @Test func aJobThatTheStoreHasNeverHadIsFound() {
        let finding = Self.check(AtLeastOnce.self, "asc", "asc", stored: 1, done: 1)
        #expect(Self.word(finding).hasPrefix("fail: 2 jobs were acknowledged and the store has had 1"))
    }

    @Test func aJobThatIsNowhereInTheStoreIsFound() {
        let finding = Self.check(AtLeastOnce.self, "asc", "asc", stored: 2, done: 1)
        #expect(Self.word(finding).hasPrefix("fail: the store has had 2 jobs, of which 1 are done"))
    }

    @Test func aJobThatIsDoneWithoutARunIsFound() {
        let finding = Self.check(AtLeastOnce.self, "asc", "as", stored: 2, done: 2)
        #expect(Self.word(finding).hasPrefix("fail: the store says that 2 jobs are done"))
    }

    @Test func aSecondRunIsAllowed() {
        #expect(Self.word(Self.check(AtLeastOnce.self, "ascsc", stored: 1, done: 1)) == "pass")
    }

    @Test func anOperationThatWasCutOffForGoodIsFound() {
        let finding = Self.check(CrashLosesNothing.self, "asxsc", "asx", stored: 2, done: 1)
        #expect(Self.word(finding).hasPrefix("fail: 1 operations were cut off and never attempted again"))
    }

    @Test func theDeadLetterOfAnotherOperationExplainsNoLoss() {
        let finding = Self.check(CrashLosesNothing.self, "asfsfe", "asx", stored: 2, done: 0, dead: 1)
        #expect(Self.word(finding).hasSuffix("#1 is one of them"))
    }

    @Test func anOperationWhoseLastAttemptWasCutOffMayBeADeadLetter() {
        let finding = Self.check(CrashLosesNothing.self, "asc", "asxe", stored: 2, done: 1, dead: 1)
        #expect(Self.word(finding) == "pass")
    }

    @Test func operationsThatWereCutOffAndRunAgainAreFine() {
        #expect(Self.word(Self.check(CrashLosesNothing.self, "asxsc", "asc", stored: 2, done: 2)) == "pass")
    }

    @Test func withoutACrashNothingIsKnown() {
        #expect(Self.word(Self.check(CrashLosesNothing.self, "asc", stored: 1, done: 1)) == "unknown")
    }

    @Test func aFailureWithoutABackupIsFound() {
        let finding = Self.check(FailedImpliesBackedUp.self, "asf", "asc", stored: 2, done: 1)
        #expect(Self.word(finding).hasPrefix("fail: 1 operations are not done, and not among the 0 that are backed"))
    }

    @Test func theBackupOfAnotherOperationExplainsNoFailure() {
        let finding = Self.check(FailedImpliesBackedUp.self, "asf", "asce", stored: 2, done: 1, dead: 1)
        #expect(Self.word(finding).hasSuffix("#0 is one of them"))
    }

    @Test func aFailureWithABackupIsFine() {
        #expect(Self.word(Self.check(FailedImpliesBackedUp.self, "asfe", "asc", stored: 2, done: 1, dead: 1)) == "pass")
    }
}
