import Testing

@testable import ProcessingRedis

/// Waiting for a connection that comes and goes, without one.
@Suite(.timeLimit(.minutes(1)))
struct ClientStateTests {
    private typealias State = ClientState<String, Int>

    private static let start = ContinuousClock().systemEpoch

    private static func state(waiting: Int = 0, limit: Int = 10) -> State {
        var state = State(limit: limit, now: start)
        for waiter in 0..<waiting { _ = state.wait(state.nextWaiter(), waiter) }
        return state
    }

    private static func failure(_ result: Result<String, any Error>?) -> RedisFailure? {
        guard case .failure(let error) = result else { return nil }
        return error as? RedisFailure
    }

    @Test func whoWaitsGetsTheConnectionInOrder() throws {
        var state = Self.state(waiting: 3)
        #expect(state.connected("link") == [0, 1, 2])
        #expect(try state.wait(state.nextWaiter(), 9)?.get() == "link")
    }

    @Test func anOutageLeavesEverybodyWaiting() {
        var state = Self.state()
        _ = state.connected("link")
        #expect(state.disconnected(because: "lost", isDenied: false, now: Self.start) == [])
        #expect(state.wait(state.nextWaiter(), 1) == nil)
        #expect(state.reconnects == 1)
        #expect(state.reason == "lost")
        #expect(state.connected("other") == [1])
        #expect(state.reason == nil)
    }

    @Test func aRefusalEndsWaitingUntilTheServerHasChangedItsMind() {
        var state = Self.state(waiting: 2)
        #expect(state.disconnected(because: "WRONGPASS", isDenied: true, now: Self.start) == [0, 1])
        #expect(Self.failure(state.wait(state.nextWaiter(), 3)) == .denied("WRONGPASS"))
        #expect(state.connected("link") == [])
        #expect(state.wait(state.nextWaiter(), 3) != nil)
    }

    @Test func theTimeOfAnOutageIsThatOfTheLossNotOfLaterAttempts() {
        var state = Self.state()
        _ = state.connected("link")
        let loss = Self.start.advanced(by: .seconds(3))
        _ = state.disconnected(because: "lost", isDenied: false, now: loss)
        _ = state.disconnected(because: "refused", isDenied: false, now: loss.advanced(by: .seconds(9)))
        #expect(state.downSince == loss)
        #expect(state.reconnects == 1)
    }

    @Test func aLossIsCountedOnceAlsoWhenACallNoticesItFirst() {
        var state = Self.state()
        _ = state.connected("link")
        state.discard { $0 == "other" }
        #expect(state.wait(state.nextWaiter(), 1) != nil)
        state.discard { $0 == "link" }
        #expect(state.wait(state.nextWaiter(), 1) == nil)
        _ = state.disconnected(because: "lost", isDenied: false, now: Self.start)
        #expect(state.reconnects == 1)
    }

    @Test func waitingIsBounded() {
        var state = Self.state(waiting: 2, limit: 2)
        guard case .overloaded = Self.failure(state.wait(state.nextWaiter(), 3)) else {
            Issue.record("the third waits")
            return
        }
    }

    @Test func whoGivesUpIsForgottenBeforeOrAfterWaiting() {
        var state = Self.state()
        let (early, late) = (state.nextWaiter(), state.nextWaiter())
        #expect(state.cancel(early) == nil)
        guard case .failure(let error) = state.wait(early, 1) else {
            Issue.record("a cancelled caller waits")
            return
        }
        #expect(error is CancellationError)
        _ = state.wait(late, 2)
        #expect(state.cancel(late) == 2)
        #expect(state.connected("link") == [])
    }

    @Test func theEndIsFinal() {
        var state = Self.state(waiting: 1)
        #expect(state.close().waiters == [0])
        #expect(state.connected("link") == nil)
        #expect(Self.failure(state.wait(state.nextWaiter(), 1)) == .closed)
        #expect(state.disconnected(because: "lost", isDenied: true, now: Self.start) == [])
        #expect(state.isClosed)
    }
}
