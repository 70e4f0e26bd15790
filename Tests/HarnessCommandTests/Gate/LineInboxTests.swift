import Foundation
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct LineInboxTests {
    @Test func aLineAnswersTheWait() async {
        let inbox = LineInbox()
        let answer = await withCheckedContinuation { waiter in
            _ = inbox.begin(waiter)
            inbox.append(Data("a\n".utf8))
        }
        #expect(answer == .line(Data("a".utf8)))
    }

    @Test func aWaitThatExpiresIsLate() async {
        let inbox = LineInbox()
        let answer = await withCheckedContinuation { waiter in inbox.expire(inbox.begin(waiter)) }
        #expect(answer == .late)
    }

    @Test func theTimerOfAnAnsweredWaitDoesNotEndTheNextOne() async {
        let inbox = LineInbox()
        inbox.append(Data("a\n".utf8))
        var wait = 0
        let first = await withCheckedContinuation { waiter in wait = inbox.begin(waiter) }
        let second = await withCheckedContinuation { waiter in
            _ = inbox.begin(waiter)
            inbox.expire(wait)
            inbox.append(Data("b\n".utf8))
        }
        #expect(first == .line(Data("a".utf8)))
        #expect(second == .line(Data("b".utf8)))
    }

    @Test func whatHasClosedAnswersAtOnce() async {
        let inbox = LineInbox()
        inbox.close()
        #expect(await inbox.next(within: .seconds(60)) == .closed)
    }
}
