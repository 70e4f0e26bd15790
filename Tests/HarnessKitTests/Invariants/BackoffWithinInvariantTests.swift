import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct BackoffWithinInvariantTests {
    typealias Options = BackoffWithinInvariant.Options

    private static let options = Options(
        floor: DurationText(.milliseconds(10)),
        cap: DurationText(.milliseconds(100)),
        slack: DurationText(.milliseconds(5))
    )

    /// Operation 0 fails at 2 ms and is attempted again at `time`; two others fill the slots until `busy`.
    private static func history(retryAt time: Double, busyUntil busy: Double = 0) -> History {
        HistoryScript.make {
            $0.submit(0, at: 0)
            $0.start(0, at: 1)
            $0.fail(0, at: 2)
            for other in [1, 2] as [Int32] where busy > 0 {
                $0.run(other, submitted: 0, started: 3, completed: busy)
            }
            $0.start(0, at: time, attempt: 2)
            $0.complete(0, at: time + 1, attempt: 2)
        }
    }

    private func check(_ history: History?, _ options: Options = options) -> Finding {
        BackoffWithinInvariant.check(.of(history, options: ["maxConcurrency": .integer(2)]), options: options)
    }

    @Test func aWaitWithinTheBoundsPasses() {
        #expect(check(Self.history(retryAt: 52)) == .pass("1 wait between 50.000 ms and 50.000 ms"))
    }

    @Test func aWaitShorterThanTheFloorFails() {
        #expect(
            check(Self.history(retryAt: 9))
                == .fail(
                    "operation #0 failed at 2.000 ms and was attempted again 7.000 ms later; the floor is 10.000 ms"
                )
        )
    }

    @Test func aWaitLongerThanTheCapWithASlotFreeFails() {
        #expect(
            check(Self.history(retryAt: 120))
                == .fail(
                    "operation #0 failed at 2.000 ms and was attempted again 118.000 ms later, with a slot free; the cap is "
                        + "100.000 ms"
                )
        )
    }

    @Test func whoeverFindsAllSlotsTakenMayWaitLonger() {
        #expect(check(Self.history(retryAt: 201, busyUntil: 200)).verdict == .pass)
        #expect(check(Self.history(retryAt: 210, busyUntil: 200)).verdict == .fail)
    }

    @Test func theCapOfTheTargetCountsWithoutOneOfItsOwn() {
        let evidence = Evidence.of(
            Self.history(retryAt: 52),
            options: ["backoff": .object(["cap": .string("20ms")])],
            clock: .virtual
        )
        #expect(BackoffWithinInvariant.check(evidence, options: Options()).verdict == .fail)
    }

    @Test func withoutASecondAttemptOrACapTheAnswerIsUnknown() {
        let single = HistoryScript.make { $0.run(0, submitted: 0, started: 1, completed: 2) }
        #expect(check(single) == .unknown("no operation was attempted again"))
        #expect(check(Self.history(retryAt: 52), Options()).verdict == .unknown)
        #expect(check(nil) == .unknown(FindingText.needsHistory))
    }

    @Test func boundsThatContradictEachOtherAreRefused() {
        let wrong = Options(floor: DurationText(.seconds(2)), cap: DurationText(.seconds(1)))
        #expect(throws: PluginOptionError.self) { try BackoffWithinInvariant.validate(wrong) }
        #expect(throws: PluginOptionError.self) {
            try BackoffWithinInvariant.validate(Options(slack: DurationText(.seconds(-1))))
        }
    }
}
