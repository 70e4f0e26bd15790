import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct StartGateTests {
    private func at(_ nanoseconds: Int64) -> Timestamp { Timestamp(nanoseconds: nanoseconds) }

    private func reading(
        _ version: UInt64,
        _ signal: String? = "busy",
        at time: Int64 = 0,
        expiry: Int64 = .max
    ) -> StartGate.Reading {
        let match = signal.map { StartGate.Reading.Match(signal: $0, time: at(time)) }
        return StartGate.Reading(version: version, newest: match, expiry: at(expiry))
    }

    private func deferring(allowance: Int64? = 100, at time: Int64 = 0, expiry: Int64 = .max) -> StartGate {
        var gate = StartGate(allowance: allowance)
        gate.update(deferral: reading(1, at: time, expiry: expiry))
        return gate
    }

    @Test func aGateWithoutRulesIsOpen() {
        let gate = StartGate(allowance: 100)
        #expect(!gate.isArmed)
        #expect(!gate.isClosed(now: at(0)))
        #expect(gate.cancellingSignal(now: at(0)) == nil)
    }

    @Test func aDeferringSignalClosesTheGateUntilItIsGone() {
        var gate = deferring()
        #expect(gate.isClosed(now: at(5)))
        gate.update(deferral: reading(2, nil))
        #expect(!gate.isClosed(now: at(5)))
    }

    @Test func anOlderReadingThatArrivesLaterIsIgnored() {
        var gate = StartGate(allowance: 100)
        gate.update(deferral: reading(3, nil))
        gate.update(deferral: reading(2))
        #expect(!gate.isDeferring(now: at(1)))
        gate.update(cancellation: reading(3, nil))
        gate.update(cancellation: reading(2, "stop"))
        #expect(gate.cancellingSignal(now: at(1)) == nil)
    }

    @Test func aSignalDefersUntilItHasOutlivedItsAge() {
        let gate = deferring(expiry: 50)
        #expect(gate.isClosed(now: at(49)))
        #expect(!gate.isClosed(now: at(50)))
    }

    @Test func theAllowanceCountsFromTheMomentTheHeadIsHeldBack() {
        var gate = deferring()
        #expect(gate.holdHead(now: at(30), ownExpiry: .distantFuture) == at(130))
        #expect(gate.holdHead(now: at(70), ownExpiry: .distantFuture) == at(130))
        #expect(gate.isClosed(now: at(129)))
        #expect(!gate.isClosed(now: at(130)))
        #expect(gate.headLeft(now: at(130)) == true)
    }

    @Test func theNextHeadGetsAnAllowanceOfItsOwn() {
        var gate = deferring()
        _ = gate.holdHead(now: at(0), ownExpiry: .distantFuture)
        #expect(gate.headLeft(now: at(100)) == true)
        #expect(gate.isClosed(now: at(100)))
        #expect(gate.holdHead(now: at(100), ownExpiry: .distantFuture) == at(200))
    }

    @Test func aHeadThatLeavesBecauseTheSignalWentHasNotUsedUpItsAllowance() {
        var gate = deferring()
        _ = gate.holdHead(now: at(0), ownExpiry: .distantFuture)
        gate.update(deferral: reading(2, nil))
        #expect(gate.headLeft(now: at(100)) == false)
    }

    @Test func theWakeUpIsTheDeadlineOrTheExpiryWhicheverComesFirst() {
        var early = deferring(expiry: 60)
        #expect(early.holdHead(now: at(0), ownExpiry: .distantFuture) == at(60))
        var late = deferring(expiry: 160)
        #expect(late.holdHead(now: at(0), ownExpiry: .distantFuture) == at(100))
        var never = deferring(allowance: nil)
        #expect(never.holdHead(now: at(0), ownExpiry: .distantFuture) == nil)
    }

    @Test func withoutAnAllowanceTheHeadWaitsForEver() {
        var gate = deferring(allowance: nil)
        _ = gate.holdHead(now: at(0), ownExpiry: .distantFuture)
        #expect(gate.isClosed(now: at(.max - 1)))
    }

    @Test func zeroAttemptsNeverDefer() {
        var gate = deferring(allowance: 0)
        #expect(!gate.isDeferring(now: at(0)))
        #expect(!gate.isClosed(now: at(0)))
        #expect(gate.holdHead(now: at(0), ownExpiry: .distantFuture) == nil)
    }

    @Test(arguments: [(9, true), (10, false), (11, false)] as [(Int64, Bool)])
    func aResumeSignalAnswersDefersThatAreNotNewer(_ resumed: Int64, _ defers: Bool) {
        var gate = deferring(at: 10)
        gate.resumed(at: at(resumed))
        #expect(gate.isDeferring(now: at(20)) == defers)
    }

    @Test func aNewerDeferArmsTheGateAgainAndOldResumesChangeNothing() {
        var gate = deferring(at: 10)
        gate.resumed(at: at(15))
        gate.update(deferral: reading(2, at: 20))
        #expect(gate.isDeferring(now: at(20)))
        gate.resumed(at: at(12))
        #expect(gate.isDeferring(now: at(20)))
    }

    @Test func aCancelSignalOpensTheGateSoThatTheHeadCanBeDropped() {
        var gate = deferring()
        gate.update(cancellation: reading(1, "stop", expiry: 50))
        #expect(!gate.isClosed(now: at(10)))
        #expect(gate.cancellingSignal(now: at(10)) == "stop")
        #expect(gate.cancellingSignal(now: at(50)) == nil)
        #expect(gate.isClosed(now: at(50)))
    }

    @Test func theSignalsOfOwnOperationsCountLikeTheSinks() {
        var gate = StartGate(allowance: 100)
        gate.update(ownDeferral: reading(0), ownCancellation: reading(0, nil))
        #expect(gate.isClosed(now: at(1)))
        gate.update(ownDeferral: reading(0, nil), ownCancellation: reading(0, "stop"))
        #expect(!gate.isClosed(now: at(1)))
        #expect(gate.cancellingSignal(now: at(1)) == "stop")
    }

    @Test func theWakeUpForAnOwnSignalIsTheEndOfItsOperation() {
        var gate = deferring(allowance: nil, expiry: 60)
        gate.update(ownDeferral: reading(0), ownCancellation: reading(0, nil))
        #expect(gate.holdHead(now: at(0), ownExpiry: at(80)) == at(80))
    }

    @Test func aHugeAllowanceDoesNotOverflow() {
        var gate = deferring(allowance: .max)
        #expect(gate.holdHead(now: at(10), ownExpiry: .distantFuture) == nil)
        #expect(gate.isClosed(now: at(.max - 1)))
    }

    @Test func ambientSignalsDeferBesideThoseOfTheSinkAndEachIsTakenBackAlone() {
        var gate = deferring(expiry: 50)
        gate.update(deferral: reading(1), of: .ambient)
        #expect(gate.isClosed(now: at(60)))
        gate.update(deferral: reading(2, nil))
        #expect(gate.isClosed(now: at(60)))
        gate.update(deferral: reading(2, nil), of: .ambient)
        gate.update(deferral: reading(1), of: .ambient)
        #expect(!gate.isClosed(now: at(60)))
    }

    @Test func aGateIsLookedAtAgainWhenTheFirstOfItsDeferringSignalsHasOutlivedItsAge() {
        var gate = deferring(allowance: nil, expiry: 50)
        gate.update(deferral: reading(1, expiry: 80), of: .ambient)
        #expect(gate.holdHead(now: at(10), ownExpiry: .distantFuture) == at(50))
        #expect(gate.holdHead(now: at(50), ownExpiry: .distantFuture) == at(80))
    }

    @Test func ambientSignalsDropTheHead() {
        var gate = StartGate(allowance: 100)
        gate.update(cancellation: reading(1, "stop"), of: .ambient)
        #expect(gate.cancellingSignal(now: at(1)) == "stop")
        gate.update(cancellation: reading(2, nil), of: .ambient)
        gate.update(cancellation: reading(1, "stop"), of: .ambient)
        #expect(gate.cancellingSignal(now: at(1)) == nil)
    }

    @Test func nothingStartsBeforeTheEndOfAHoldHoweverSmallTheAllowance() {
        var gate = StartGate(allowance: 0)
        gate.hold(until: at(50), order: 1)
        #expect(gate.isClosed(now: at(49)))
        #expect(gate.holdHead(now: at(10), ownExpiry: .distantFuture) == at(50))
        #expect(!gate.isClosed(now: at(50)))
    }

    @Test func ofSeveralHoldsTheLastOrderHoldsWhicheverArrivesLast() {
        var gate = StartGate(allowance: nil)
        gate.hold(until: at(0), order: 2)
        gate.hold(until: at(50), order: 1)
        #expect(!gate.isClosed(now: at(10)))
    }

    @Test func aHoldDoesNotUseUpTheAllowanceOfTheHead() {
        var gate = deferring()
        gate.hold(until: at(500), order: 1)
        #expect(gate.holdHead(now: at(10), ownExpiry: .distantFuture) == at(500))
        #expect(gate.holdHead(now: at(500), ownExpiry: .distantFuture) == at(600))
        #expect(gate.isClosed(now: at(599)))
        #expect(!gate.isClosed(now: at(600)))
    }

    @Test func aCancellingSignalGoesBeforeAHold() {
        var gate = StartGate(allowance: nil)
        gate.hold(until: at(50), order: 1)
        gate.update(cancellation: reading(1, "stop"))
        #expect(gate.cancellingSignal(now: at(1)) == "stop" && !gate.isClosed(now: at(1)))
    }
}
