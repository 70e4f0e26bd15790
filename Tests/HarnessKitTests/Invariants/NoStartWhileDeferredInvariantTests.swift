import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct NoStartWhileDeferredInvariantTests {
    /// Deferred from 10 to 20 ms while operation 0 waits; its start is what differs.
    private func check(
        start: Double,
        signal: String = "backpressure.downstream",
        options: NoStartWhileDeferredInvariant.Options = .init(slack: DurationText(.milliseconds(1))),
        clock: RunClock = .real
    ) -> Finding {
        let history = HistoryScript.make {
            $0.submit(0, at: 5)
            $0.signal(signal, at: 10)
            $0.signal(signal, .signalRetracted, at: 20)
            $0.start(0, at: start)
            $0.complete(0, at: 40)
        }
        return NoStartWhileDeferredInvariant.check(.of(history, clock: clock), options: options)
    }

    @Test func aStartAfterTheRetractionPasses() {
        #expect(check(start: 20.01) == .pass("no start during 1 deferral with operations waiting"))
    }

    @Test func aStartInsideFails() {
        #expect(
            check(start: 15)
                == .fail(
                    "operation #0 started at 15.000 ms, while 'backpressure.downstream' was raised since 10.000 ms"
                )
        )
    }

    @Test(arguments: [(10.5, .unknown), (11.5, .fail)] as [(Double, InvariantVerdict)])
    func aStartWithinTheSlackWasDecidedBefore(start: Double, verdict: InvariantVerdict) {
        #expect(check(start: start).verdict == verdict)
    }

    @Test func withoutOneOfItsOwnTheSlackIsLongOnTheMachinesClockAlone() {
        #expect(check(start: 15, options: .init()).verdict == .unknown)
        #expect(check(start: 15, options: .init(), clock: .virtual).verdict == .fail)
    }

    @Test func theSlackIsAnOption() throws {
        let options = try JSONValue.object(["slack": .string("6ms")]).decode(
            as: NoStartWhileDeferredInvariant.Options.self
        )
        #expect(check(start: 15, options: options).verdict == .unknown)
    }

    @Test func patternsChooseTheSignals() {
        #expect(check(start: 15, signal: "pause.all").verdict == .unknown)
        #expect(
            check(start: 15, signal: "pause.all", options: .init(patterns: ["pause.*"]), clock: .virtual).verdict
                == .fail
        )
    }

    @Test func deferralsOverlap() {
        let history = HistoryScript.make {
            $0.submit(0, at: 5)
            $0.signal("backpressure.a", at: 10)
            $0.signal("backpressure.b", at: 12)
            $0.signal("backpressure.a", .signalRetracted, at: 14)
            $0.start(0, at: 16)
            $0.complete(0, at: 17)
        }
        #expect(NoStartWhileDeferredInvariant.check(.of(history, clock: .virtual), options: .init()).verdict == .fail)
    }

    @Test func aFurtherAttemptIsNoStart() {
        let history = HistoryScript.make {
            $0.submit(0, at: 5)
            $0.start(0, at: 6)
            $0.fail(0, at: 7)
            $0.submit(1, at: 8)
            $0.signal("backpressure.a", at: 10)
            $0.start(0, at: 14, attempt: 2)
            $0.complete(0, at: 15, attempt: 2)
        }
        #expect(NoStartWhileDeferredInvariant.check(.of(history), options: .init()).verdict == .pass)
    }

    @Test func withoutWaitingOperationsTheAnswerIsUnknown() {
        let history = HistoryScript.make { $0.signal("backpressure.a", at: 10) }
        let finding = NoStartWhileDeferredInvariant.check(.of(history), options: .init())
        #expect(finding == .unknown("nothing waited while 'backpressure.*' was raised"))
    }
}
