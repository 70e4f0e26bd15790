import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct LimitFollowsSignalsInvariantTests {
    static let options: JSONValue.Object = ["minConcurrency": .integer(1), "maxConcurrency": .integer(4)]

    private func check(
        _ options: JSONValue.Object = options,
        clock: RunClock = .virtual,
        limits: [(time: Int64, limit: Int)] = [],
        _ write: (inout HistoryScript) -> Void
    ) -> Finding {
        var history = HistoryScript.make(write)
        history.samples = limits.map { reading in
            let time = reading.time * 1_000_000
            let sample = TargetSample(accounting: TargetAccounting(), limit: reading.limit)
            return HistorySample(begin: time, end: time, sample: sample)
        }
        return LimitFollowsSignalsInvariant.check(.of(history, options: options, clock: clock), options: .init())
    }

    @Test func doublingAndHalvingWithinTheBoundsPasses() {
        let finding = check(limits: [(5, 1), (15, 2), (35, 4), (45, 2), (55, 1), (65, 1)]) {
            for time in [10.0, 20, 30] { $0.signal("load.high", at: time) }
            for time in [40.0, 50, 60] { $0.signal("load.low", at: time) }
            $0.run(0, submitted: 12, started: 12, completed: 70)
            $0.run(1, submitted: 13, started: 13, completed: 70)
        }
        #expect(finding == .pass("4 changes between 1 and 4, in 6 readings and at every start"))
    }

    @Test func aStartAboveTheLimitFails() {
        let finding = check {
            $0.signal("load.high", at: 10)
            for operation in 0..<3 { $0.run(Int32(operation), submitted: 12, started: 12, completed: 70) }
        }
        #expect(
            finding == .fail("operation #2 was number 3 to run at 12.000 ms; the signals make the limit 2")
        )
    }

    @Test func whatRunsMayOutnumberALoweredLimit() {
        let finding = check {
            $0.signal("load.high", at: 10)
            $0.run(0, submitted: 12, started: 12, completed: 70)
            $0.run(1, submitted: 12, started: 12, completed: 60)
            $0.signal("load.low", at: 20)
            $0.run(2, submitted: 12, started: 80, completed: 90)
        }
        #expect(finding.verdict == .pass)
    }

    @Test func aReadingOfAnotherLimitFails() {
        let finding = check(limits: [(15, 4)]) { $0.signal("load.high", at: 10) }
        #expect(finding == .fail("the limit was 4 at 15.000 ms; the signals make it 2"))
    }

    @Test func inACoolDownSignalsOfOneDirectionAreOneAndTheOtherOneWaits() {
        let options = Self.options.with("cooldown", "50ms")
        let finding = check(options, limits: [(15, 2), (35, 2), (59, 2), (60, 1), (61, 1), (150, 1)]) {
            for time in [10.0, 20, 30] { $0.signal("load.high", at: time) }
            $0.signal("load.low", at: 40)
        }
        #expect(finding == .pass("2 changes between 1 and 2, in 6 readings and at every start"))
    }

    @Test(arguments: [(RunClock.virtual, .fail), (.real, .pass)] as [(RunClock, InvariantVerdict)])
    func onTheMachinesClockASignalMayBeObeyedBeforeItIsSeen(clock: RunClock, verdict: InvariantVerdict) {
        let finding = check(clock: clock) {
            $0.run(0, submitted: 5, started: 5, completed: 70)
            $0.run(1, submitted: 5, started: 9.9, completed: 70)
            $0.signal("load.high", at: 10)
        }
        #expect(finding.verdict == verdict)
    }

    @Test func withoutSignalsItIsUnknown() {
        let finding = check { $0.run(0, submitted: 5, started: 5, completed: 70) }
        #expect(finding == .unknown("no signal changed the limit"))
    }

    @Test func withoutBoundsItIsUnknown() {
        let finding = check([:]) { $0.signal("load.high", at: 10) }
        #expect(finding.verdict == .unknown)
    }
}
