import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct SignalDeliveryInvariantTests {
    private static func check(
        deliversSignals: Bool = false,
        handlers: Int64 = 1,
        options: SignalDeliveryInvariant.Options = .init(),
        isCutOff: Bool = false,
        _ write: (inout HistoryScript) -> Void
    ) -> Finding {
        var evidence = Evidence.of(
            HistoryScript.make(write),
            options: ["handlers": .integer(handlers)],
            isKeyed: true,
            isCutOff: isCutOff
        )
        evidence.capabilities.deliversSignals = deliversSignals
        return SignalDeliveryInvariant.check(evidence, options: options)
    }

    @Test func signalsSeenOnceInOrderPass() {
        let finding = Self.check {
            $0.signal("a", .signalSent, at: 1)
            $0.signal("a", at: 1.1)
            $0.signal("b", .signalSent, at: 2)
            $0.signal("b", at: 2.1)
            $0.signal("of.the.target", at: 3)
        }
        #expect(finding == .pass("2 raised signals and 0 handled ones"))
    }

    @Test(arguments: [(0, "seen 0 times"), (2, "seen 2 times")])
    func aSignalThatIsNotSeenOnceFails(times: Int, text: String) {
        let finding = Self.check { script in
            script.signal("a", .signalSent, at: 1)
            for number in 0..<times { script.signal("a", at: 1.1 + Double(number)) }
        }
        #expect(finding == .fail("'a' was raised 1 times and \(text)"))
    }

    @Test func whatTheEndOfTheRunCutOffIsNoFailure() {
        let missed: (inout HistoryScript) -> Void = {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.add(.delivered, 0, at: 2)
            $0.run(1, submitted: 1, started: 2, completed: 3)
            $0.signal("a", .signalSent, at: 4)
        }
        #expect(Self.check(deliversSignals: true, handlers: 2, missed).verdict == .fail)
        #expect(
            Self.check(deliversSignals: true, handlers: 2, isCutOff: true, missed)
                == .unknown("the run was cut off before 2 signals had reached everyone")
        )
        #expect(Self.check(isCutOff: true) { $0.signal("a", .signalSent, at: 1) }.verdict == .unknown)
        let twice = Self.check(isCutOff: true) {
            $0.signal("a", .signalSent, at: 1)
            $0.signal("a", at: 1)
            $0.signal("a", at: 2)
        }
        #expect(twice.verdict == .fail)
    }

    @Test func signalsThatOvertakeFailUnlessAnyOrderIsGood() {
        let write: (inout HistoryScript) -> Void = {
            $0.signal("a", .signalSent, at: 1)
            $0.signal("b", .signalSent, at: 2)
            $0.signal("b", at: 3)
            $0.signal("a", at: 4)
        }
        #expect(Self.check(write) == .fail("'a', raised at 1.000 ms, was seen after 'b', which was raised later"))
        #expect(Self.check(options: .init(order: .any), write).verdict == .pass)
    }

    @Test func anOperationForEveryHandlerPasses() {
        let finding = Self.check(deliversSignals: true, handlers: 2) {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.add(.delivered, 0, at: 2)
            $0.submit(1, at: 3)
            $0.add(.discarded, 1, at: 4)
        }
        #expect(finding == .pass("0 raised signals and 1 handled ones"))
    }

    @Test func anOperationThatAHandlerMissesFails() {
        let finding = Self.check(deliversSignals: true, handlers: 2) {
            $0.run(0, submitted: 0, started: 1, completed: 2)
        }
        #expect(finding == .fail("signal #0 reached 1 of 2 handlers"))
    }

    @Test func anOperationThatIsHandledTwiceFails() {
        let finding = Self.check(deliversSignals: true) {
            $0.run(0, submitted: 0, started: 1, completed: 2)
            $0.start(0, at: 3, attempt: 2)
            $0.complete(0, at: 4, attempt: 2)
        }
        #expect(finding == .fail("signal #0 was handled 2 times"))
    }

    @Test func operationsOfOneKeyOutOfOrderFail() {
        let finding = Self.check(deliversSignals: true) {
            $0.run(0, key: 3, submitted: 0, started: 5, completed: 6)
            $0.run(1, key: 3, submitted: 1, started: 2, completed: 3)
        }
        #expect(finding.verdict == .fail)
        #expect(finding.text.hasPrefix("source 3: #0 was accepted at 0.000 ms"))
    }

    @Test func whereNothingWasSentTheAnswerIsUnknown() {
        let write: (inout HistoryScript) -> Void = { $0.run(0, submitted: 0, started: 1, completed: 2) }
        #expect(Self.check(write).verdict == .unknown)
        #expect(Self.check(deliversSignals: true) { $0.submit(0, at: 1) }.verdict == .unknown)
        #expect(SignalDeliveryInvariant.check(.of(nil), options: .init()).verdict == .unknown)
    }
}
