import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ReliefInTimeInvariantTests {
    static let options: JSONValue.Object = ["reliefThreshold": .integer(1), "adjustCooldown": "100ms"]

    /// Three operations wait when the first stage is throttled at 10 ms; the last but one begins at 50 ms.
    private func check(
        options: JSONValue.Object = options,
        clock: RunClock = .virtual,
        relief: Double?,
        sampledUntil end: Double? = nil,
        _ further: (inout HistoryScript) -> Void = { _ in }
    ) -> Finding {
        var history = HistoryScript.make {
            for operation in 0..<3 { $0.submit(Int32(operation), at: 5) }
            $0.signal("stage2.backpressure", at: 10)
            for operation in 0..<3 {
                $0.start(Int32(operation), at: 40 + Double(operation) * 10)
                $0.complete(Int32(operation), at: 200)
            }
            if let relief { $0.signal("stage2.relieved", at: relief) }
            further(&$0)
        }
        if let end {
            let time = Int64(end * 1e6)
            history.samples = [
                HistorySample(begin: time, end: time, sample: TargetSample(accounting: TargetAccounting()))
            ]
        }
        return ReliefInTimeInvariant.check(.of(history, options: options, clock: clock), options: .init())
    }

    @Test func reliefAtTheEndOfTheCoolDownPasses() {
        #expect(check(relief: 110) == .pass("1 relief, 1 of them without new arrivals"))
    }

    @Test func reliefThatNeedsANewArrivalFails() {
        let finding = check(relief: 151) { $0.submit(9, at: 150) }
        #expect(
            finding
                == .fail(
                    "throttled by 'stage2.backpressure' at 10.000 ms, the target was to be let go at 110.000 ms and was not by "
                        + "150.000 ms"
                )
        )
    }

    @Test func reliefBeforeTheCoolDownIsOverFails() {
        #expect(
            check(relief: 90)
                == .fail("the target was let go at 90.000 ms, too early after 'stage2.backpressure' at 10.000 ms")
        )
    }

    @Test func aFailureBeginsTheCoolDownAnew() {
        #expect(check(relief: 170) { $0.signal("stage2.failed", at: 70) }.verdict == .pass)
        #expect(check(relief: 110) { $0.signal("stage2.failed", at: 70) }.verdict == .fail)
    }

    @Test func reliefIsDueWhenLittleEnoughWaits() {
        let busy = Self.options.with("adjustCooldown", "20ms")
        #expect(check(options: busy, relief: 50).verdict == .pass)
        #expect(check(options: busy, relief: 55).verdict == .fail)
    }

    @Test(arguments: [(150.0, .pass), (170, .fail)] as [(Double, InvariantVerdict)])
    func onTheMachinesClockItMayBeLate(relief: Double, verdict: InvariantVerdict) {
        #expect(check(clock: .real, relief: relief).verdict == verdict)
    }

    @Test func arrivalsInBetweenAreCounted() {
        let finding = check(relief: 110) { $0.submit(9, at: 100) }
        #expect(finding == .pass("1 relief, 0 of them without new arrivals"))
    }

    @Test func withoutThrottlingItIsUnknown() {
        let history = HistoryScript.make { $0.submit(0, at: 1) }
        let finding = ReliefInTimeInvariant.check(.of(history, options: Self.options), options: .init())
        #expect(finding == .unknown("nothing throttled the target"))
    }

    @Test func aRunThatEndsBeforeIsUnknown() {
        let history = HistoryScript.make { $0.signal("stage2.failed", at: 1) }
        let finding = ReliefInTimeInvariant.check(.of(history, options: Self.options), options: .init())
        #expect(finding == .unknown("the run ended while the target was throttled"))
    }

    @Test func aReliefThatNeverComesIsMissedAtTheEndOfTheRun() {
        func finding(until end: Double) -> Finding {
            check(relief: 110, sampledUntil: end) { $0.signal("stage2.failed", at: 220) }
        }
        #expect(finding(until: 319).verdict == .unknown)
        #expect(finding(until: 330).verdict == .fail)
    }

    @Test(arguments: ["reliefThreshold", "adjustCooldown"]) func withoutTheTargetsOptionsItIsUnknown(missing: String) {
        var options = Self.options
        options[missing] = nil
        #expect(check(options: options, relief: 110).text.contains("'\(missing)'"))
    }
}
