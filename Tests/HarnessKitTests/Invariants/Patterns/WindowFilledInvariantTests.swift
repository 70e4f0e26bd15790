import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct WindowFilledInvariantTests {
    /// One operation ends each 10 ms from 10 ms on, five in all; a window of three.
    private func check(
        _ readings: [(time: Int64, visible: Int?)],
        size: Int? = 3,
        clock: RunClock = .virtual
    ) -> Finding {
        var history = HistoryScript.make {
            for operation in 0..<5 {
                $0.run(Int32(operation), submitted: 0, started: 1, completed: Double(operation + 1) * 10)
            }
        }
        history.samples = readings.map { reading in
            let sample = TargetSample(accounting: TargetAccounting(), visible: reading.visible)
            return HistorySample(begin: reading.time * 1_000_000, end: reading.time * 1_000_000, sample: sample)
        }
        let options: JSONValue.Object = size.map { ["windowSize": .integer(Int64($0))] } ?? [:]
        return WindowFilledInvariant.check(.of(history, options: options, clock: clock), options: .init())
    }

    @Test func asManyAsThereAreThenAsManyAsFitPasses() {
        #expect(
            check([(5, 0), (15, 1), (25, 2), (35, 3), (45, 3)])
                == .pass("as many as there were to be in 5 readings, 2 of them full")
        )
    }

    @Test func whatEndsInTheInstantOfTheReadingMayBeMissing() {
        #expect(check([(30, 2), (45, 3)]).verdict == .pass)
        #expect(check([(30, 3), (45, 3)]).verdict == .pass)
    }

    @Test func oneThatIsMissingFails() {
        #expect(
            check([(45, 2)])
                == .fail("2 ended operations were visible at 45.000 ms; the window of 3 was to show 3")
        )
    }

    @Test func oneTooManyFails() { #expect(check([(45, 4)]).verdict == .fail) }

    @Test func onTheMachinesClockItMayBeShownLate() {
        #expect(check([(45, 0), (99, 3)], clock: .real).verdict == .pass)
    }

    @Test func aWindowThatIsNeverFullIsUnknown() {
        #expect(check([(15, 1)]) == .unknown("5 operations ended; the window of 3 was never full"))
    }

    @Test func withoutReadingsItIsUnknown() {
        #expect(check([(15, nil)]) == .unknown("the target offered no readings of its window"))
    }

    @Test func withoutASizeItIsUnknown() { #expect(check([(45, 3)], size: nil).verdict == .unknown) }
}
