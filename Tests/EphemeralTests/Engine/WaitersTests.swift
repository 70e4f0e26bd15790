import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct WaitersTests {
    @Test(arguments: Waiters.Condition.allCases)
    func onlyThoseWhoWaitForTheStateAreTaken(_ met: Waiters.Condition) async throws {
        var waiters = Waiters()
        for (index, condition) in Waiters.Condition.allCases.enumerated() {
            try await withCheckedThrowingContinuation { continuation in
                let isWaiting = waiters.add(UInt64(index), for: condition, continuation)
                #expect(isWaiting)
                let taken = waiters.take([met])
                #expect(taken.count == (condition == met ? 1 : 0))
                #expect(waiters.isEmpty == (condition == met))
                (taken.first ?? waiters.cancel(UInt64(index)))?.resume()
            }
        }
        #expect(waiters.isEmpty)
    }

    @Test func aCancellationThatComesFirstTurnsTheWaiterAway() async throws {
        var waiters = Waiters()
        #expect(waiters.cancel(1) == nil)
        try await withCheckedThrowingContinuation { continuation in
            let isWaiting = waiters.add(1, for: .idle, continuation)
            #expect(!isWaiting)
            continuation.resume()
        }
        #expect(waiters.isEmpty)
    }

    @Test func aForgottenCancellationDoesNotTurnALaterWaiterAway() async throws {
        var waiters = Waiters()
        _ = waiters.cancel(1)
        waiters.forget(1)
        try await withCheckedThrowingContinuation { continuation in
            let isWaiting = waiters.add(1, for: .idle, continuation)
            #expect(isWaiting)
            waiters.cancel(1)?.resume()
        }
    }
}
