import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct SignalsPairedInvariantTests {
    typealias Options = SignalsPairedInvariant.Options

    private func check(
        _ options: Options,
        isCutOff: Bool = false,
        _ write: (inout HistoryScript) -> Void
    ) -> Finding {
        SignalsPairedInvariant.check(.of(HistoryScript.make(write), isCutOff: isCutOff), options: options)
    }

    @Test func aSignalThatTheEndOfTheRunLeftOpenIsUnknown() {
        let options = Options(open: ["start"], close: ["done"])
        #expect(
            check(options, isCutOff: true) { $0.signal("start", at: 1) }
                == .unknown("'start', raised at 1.000 ms, was never closed before the run was cut off")
        )
        #expect(check(options, isCutOff: true) { $0.signal("done", at: 1) }.verdict == .fail)
    }

    @Test func everyOpeningSignalWithItsOwnClosingOnePasses() {
        let finding = check(Options(open: ["stage.start:*"], close: ["stage.done:*", "stage.failed:*"])) {
            $0.signal("stage.start:1", at: 1)
            $0.signal("stage.start:2", at: 2)
            $0.signal("stage.done:2", at: 3)
            $0.signal("stage.failed:1", at: 4)
        }
        #expect(finding == .pass("2 signals, each closed"))
    }

    @Test func aSignalThatIsNeverClosedFails() {
        let finding = check(Options(open: ["stage.start:*"], close: ["stage.done:*"])) {
            $0.signal("stage.start:1", at: 1)
            $0.signal("stage.start:2", at: 2)
            $0.signal("stage.done:2", at: 3)
        }
        #expect(finding == .fail("'stage.start:1', raised at 1.000 ms, was never closed"))
    }

    @Test func aClosingSignalForNothingFails() {
        let finding = check(Options(open: ["stage.start:*"], close: ["stage.done:*"])) {
            $0.signal("stage.start:1", at: 1)
            $0.signal("stage.done:2", at: 3)
        }
        #expect(finding == .fail("'stage.done:2', raised at 3.000 ms, closes nothing"))
    }

    @Test func openingNamesWithoutAStarAreClosedByAnyLabel() {
        let finding = check(Options(open: ["starting"], close: ["failed:*", "completed"])) {
            $0.signal("starting", at: 1)
            $0.signal("starting", at: 2)
            $0.signal("failed:503", at: 3)
            $0.signal("completed", at: 4)
        }
        #expect(finding == .pass("2 signals, each closed"))
    }

    @Test func closingNamesWithoutAStarCloseTheOldest() {
        let finding = check(Options(open: ["start:*"], close: ["end"])) {
            $0.signal("start:b", at: 1)
            $0.signal("start:a", at: 2)
            $0.signal("end", at: 3)
        }
        #expect(finding == .fail("'start:a', raised at 2.000 ms, was never closed"))
    }

    @Test func oneClosingSignalMayCloseAll() {
        let finding = check(Options(open: ["up", "failed"], close: ["over"], closes: .all)) {
            $0.signal("up", at: 1)
            $0.signal("failed", at: 2)
            $0.signal("over", at: 3)
        }
        #expect(finding == .pass("2 signals, each closed"))
    }

    @Test func withoutClosingNamesRetractionsClose() {
        let options = Options(open: ["busy"])
        let paired = check(options) {
            $0.signal("busy", at: 1)
            $0.signal("busy", .signalRetracted, at: 2)
        }
        #expect(paired == .pass("1 signal, each closed"))
        #expect(check(options) { $0.signal("busy", at: 1) }.verdict == .fail)
        let alone = check(options) {
            $0.signal("busy", at: 1)
            $0.signal("busy", .signalRetracted, at: 2)
            $0.signal("busy", .signalRetracted, at: 3)
        }
        #expect(alone == .fail("the retraction of 'busy' at 3.000 ms, closes nothing"))
    }

    @Test func whatIsOpenWhenARunEndsEarlyIsUnknown() {
        let finding = check(Options(open: ["busy"])) {
            $0.submit(0, at: 0)
            $0.start(0, at: 1)
            $0.signal("busy", at: 1)
        }
        #expect(finding.verdict == .unknown)
    }

    @Test func withoutSignalsItIsUnknown() {
        #expect(check(Options(open: ["busy"])) { _ in } == .unknown("no signal 'busy' was raised"))
    }
}
