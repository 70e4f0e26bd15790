import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct AccountingIdentityInvariantTests {
    /// Two operations, submitted at 0 and 10 ms, that complete at 5 and 15 ms.
    private static func history(_ samples: [HistorySample]) -> History {
        var history = HistoryScript.make {
            $0.run(0, submitted: 0, started: 1, completed: 5)
            $0.run(1, submitted: 10, started: 11, completed: 15)
        }
        history.samples = samples
        return history
    }

    private static func sample(
        at time: Double,
        enqueued: Int,
        pending: Int = 0,
        active: Int = 0,
        completed: Int = 0,
        failed: Int = 0,
        cancelled: Int = 0,
        isDrained: Bool = false
    ) -> HistorySample {
        var accounting = TargetAccounting()
        accounting.enqueued = enqueued
        accounting.pending = pending
        accounting.active = active
        accounting.completed = completed
        accounting.failed = failed
        accounting.cancelled = cancelled
        let sample = TargetSample(accounting: accounting, isDrained: isDrained)
        return HistorySample(begin: Int64(time * 1e6), end: Int64(time * 1e6) + 100, sample: sample)
    }

    private static func check(_ samples: [HistorySample], options: JSONValue.Object = [:]) -> Finding {
        AccountingIdentityInvariant.check(.of(history(samples), options: options), options: .init())
    }

    @Test func readingsThatAgreePass() {
        let finding = Self.check([
            Self.sample(at: 2, enqueued: 1, active: 1), Self.sample(at: 6, enqueued: 1, completed: 1),
            Self.sample(at: 16, enqueued: 2, completed: 2, isDrained: true),
        ])
        #expect(finding == .pass("3 readings add up"))
    }

    @Test func aReadingThatLosesAnOperationFails() {
        #expect(
            Self.check([Self.sample(at: 2, enqueued: 1)])
                == .fail(
                    "the reading at 2.000 ms: enqueued 1, but pending 0 + active 0 + completed 0 + failed 0 + cancelled 0"
                )
        )
    }

    @Test func aNegativeCountFails() {
        #expect(
            Self.check([Self.sample(at: 2, enqueued: 1, pending: -1, active: 2)])
                == .fail("the reading at 2.000 ms: pending is -1")
        )
    }

    @Test func aCountThatShrinksFails() {
        let samples = [
            Self.sample(at: 6, enqueued: 1, completed: 1), Self.sample(at: 7, enqueued: 1, cancelled: 1),
        ]
        #expect(Self.check(samples) == .fail("the reading at 7.000 ms: completed fell from 1 to 0"))
    }

    @Test func moreActiveThanTheLimitFails() {
        let finding = Self.check(
            [Self.sample(at: 2, enqueued: 2, active: 2)],
            options: ["maxConcurrency": .integer(1)]
        )
        #expect(finding == .fail("the reading at 2.000 ms: 2 operations active; the limit is 1"))
    }

    @Test func anAcceptedOperationThatIsNotCountedFails() {
        let finding = Self.check([Self.sample(at: 12, enqueued: 1, completed: 1)])
        #expect(finding == .fail("the reading at 12.000 ms counts 1 enqueued; 2 were accepted before it"))
    }

    @Test func anOperationThatNobodySubmittedFails() {
        let finding = Self.check([Self.sample(at: 6, enqueued: 2, pending: 1, completed: 1)])
        #expect(finding == .fail("the reading at 6.000 ms counts 2 enqueued; 1 were submitted by then"))
    }

    @Test func offersThatWereNeverAnsweredMayBeCounted() {
        var evidence = Evidence.of(Self.history([Self.sample(at: 6, enqueued: 2, pending: 1, completed: 1)]))
        evidence.tally.offered = 3
        #expect(AccountingIdentityInvariant.check(evidence, options: .init()).verdict == .pass)
    }

    @Test func completionBeforeTheBodyReturnedFails() {
        let finding = Self.check([Self.sample(at: 2, enqueued: 1, completed: 1)])
        #expect(
            finding == .fail("the reading at 2.000 ms counts 1 completed; the bodies of 0 had returned by then")
        )
    }

    @Test func beingDrainedWithSomethingLeftFails() {
        let finding = Self.check([Self.sample(at: 12, enqueued: 2, active: 1, completed: 1, isDrained: true)])
        #expect(
            finding
                == .fail(
                    "the target said at 12.000 ms that it was drained; #1, accepted at 10.000 ms, ended at 15.000 ms"
                )
        )
    }

    @Test func anOperationDroppedByADrainedTargetIsNothingLeft() {
        var history = HistoryScript.make {
            $0.submit(0, at: 0)
            $0.add(.discarded, 0, at: 4)
        }
        history.samples = [Self.sample(at: 3, enqueued: 1, cancelled: 1, isDrained: true)]
        #expect(AccountingIdentityInvariant.check(.of(history), options: .init()).verdict == .pass)
    }

    @Test func withoutReadingsTheAnswerIsUnknown() {
        #expect(Self.check([]).verdict == .unknown)
        #expect(AccountingIdentityInvariant.check(.of(nil), options: .init()).verdict == .unknown)
        let partial = HistorySample(begin: 1, end: 2, sample: TargetSample(accounting: TargetAccounting()))
        #expect(Self.check([partial]).verdict == .unknown)
    }
}
