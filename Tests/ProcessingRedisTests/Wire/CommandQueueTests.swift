import NIOCore
import Testing

@testable import ProcessingRedis

/// The commands of one connection, without a socket.
@Suite(.timeLimit(.minutes(1)))
struct CommandQueueTests {
    private static let start = ContinuousClock().systemEpoch

    private static func queue(
        _ waiters: String...,
        configure: (inout CommandLimits) -> Void = { _ in }
    ) throws -> CommandQueue<String> {
        var limits = CommandLimits()
        limits.timeout = .seconds(5)
        configure(&limits)
        var queue = CommandQueue<String>(limits: limits)
        for waiter in waiters { _ = try queue.add(RedisCommand("PING"), for: waiter, now: start).get() }
        return queue
    }

    private static func failure(_ result: Result<CommandQueue<String>.Added, RedisFailure>) -> RedisFailure? {
        guard case .failure(let failure) = result else { return nil }
        return failure
    }

    @Test func commandsOfManyAreWrittenTogetherAndTheWriterIsToldOnce() throws {
        var queue = try Self.queue()
        let told = try (0..<3).map { try queue.add(RedisCommand("PING"), for: "\($0)", now: Self.start).get().mustTell }
        #expect(told == [true, false, false])
        let bytes = queue.takeOutgoing()?.readableBytes
        #expect(bytes == 3 * "*1\r\n$4\r\nPING\r\n".utf8.count)
        #expect(queue.takeOutgoing() == nil)
    }

    @Test func whatComesDuringAWriteIsWrittenAfterIt() throws {
        var queue = try Self.queue("a")
        _ = queue.takeOutgoing()
        let during = try queue.add(RedisCommand("PING"), for: "b", now: Self.start).get()
        #expect(!during.mustTell)
        #expect(queue.takeOutgoing() == nil)
        let hasMore1 = queue.finishWriting()
        #expect(hasMore1)
        #expect(queue.takeOutgoing() != nil)
        let hasMore2 = queue.finishWriting()
        #expect(!hasMore2)
        let later = try queue.add(RedisCommand("PING"), for: "c", now: Self.start).get()
        #expect(later.mustTell)
    }

    @Test func answersGoToThoseWhoWaitInOrder() throws {
        var queue = try Self.queue("a", "b")
        #expect(queue.answer()?.waiter == "a")
        #expect(queue.answer()?.waiter == "b")
        #expect(queue.answer() == nil)
    }

    @Test func aLateCommandKeepsItsPlaceAndOthersGoOn() throws {
        var queue = try Self.queue("late")
        _ = try queue.add(RedisCommand("PING"), for: "next", now: Self.start.advanced(by: .seconds(2))).get()
        let expired = queue.expire(now: Self.start.advanced(by: .seconds(5)))
        #expect(expired.waiters == ["late"])
        #expect(!expired.mustClose)
        #expect(queue.answer()?.waiter == nil)
        #expect(queue.answer()?.waiter == "next")
    }

    @Test func anAnswerTwiceAsLateAsItMayBeEndsTheConnection() throws {
        var queue = try Self.queue("late")
        _ = queue.expire(now: Self.start.advanced(by: .seconds(5)))
        #expect(queue.nextExpiry == Self.start.advanced(by: .seconds(10)))
        #expect(queue.expire(now: Self.start.advanced(by: .seconds(9))).mustClose == false)
        #expect(queue.expire(now: Self.start.advanced(by: .seconds(10))).mustClose == true)
    }

    @Test func theNextLookIsAtTheOldestCommandThatSomebodyWaitsFor() throws {
        var queue = try Self.queue("a")
        _ = try queue.add(RedisCommand("PING"), for: "b", now: Self.start.advanced(by: .seconds(1))).get()
        #expect(queue.nextExpiry == Self.start.advanced(by: .seconds(5)))
        #expect(queue.abandon(0) == "a")
        #expect(queue.nextExpiry == Self.start.advanced(by: .seconds(6)))
        #expect(queue.answer()?.waiter == nil)
        #expect(queue.answer()?.waiter == "b")
        #expect(queue.nextExpiry == nil)
    }

    @Test func abandoningIsAboutTheCommandOfThatNumber() throws {
        var queue = try Self.queue("a", "b", "c")
        _ = queue.answer()
        #expect(queue.abandon(0) == nil)
        #expect(queue.abandon(2) == "c")
        #expect(queue.abandon(2) == nil)
        #expect(queue.abandon(3) == nil)
        #expect(queue.answer()?.waiter == "b")
    }

    @Test func whoWaitsAtTheEndLearnsWhetherTheCommandWasWritten() throws {
        var queue = try Self.queue("written", "answered later")
        _ = queue.takeOutgoing()
        _ = try queue.add(RedisCommand("PING"), for: "not written", now: Self.start).get()
        let left = queue.close()
        #expect(left.map(\.waiter) == ["written", "answered later", "not written"])
        #expect(left.map(\.wasWritten) == [true, true, false])
        let isEmpty3 = queue.close().isEmpty
        #expect(isEmpty3)
        #expect(queue.takeOutgoing() == nil)
    }

    @Test func aClosedQueueTakesNothing() throws {
        var queue = try Self.queue("a")
        let isIdle4 = queue.drain()
        #expect(!isIdle4)
        let refused = queue.add(RedisCommand("PING"), for: "b", now: Self.start)
        #expect(Self.failure(refused) == .notSent("the connection is being closed"))
        #expect(queue.answer()?.isLast == true)
        let isIdle5 = queue.drain()
        #expect(isIdle5)
    }

    @Test func aQueueThatIsDrainedWaitsForNoAnswerLongerThanItMayTake() throws {
        var queue = try Self.queue("a")
        _ = queue.drain()
        let expired = queue.expire(now: Self.start.advanced(by: .seconds(5)))
        #expect(expired.waiters == ["a"])
        #expect(expired.mustClose)
    }

    @Test func commandsBeyondTheirNumberAreRefused() throws {
        var queue = try Self.queue("a", "b") { $0.commands = 2 }
        guard case .overloaded = Self.failure(queue.add(RedisCommand("PING"), for: "c", now: Self.start)) else {
            Issue.record("the command was taken")
            return
        }
        // A late command keeps its place, so it counts too.
        _ = queue.expire(now: Self.start.advanced(by: .seconds(5)))
        #expect(Self.failure(queue.add(RedisCommand("PING"), for: "c", now: Self.start)) != nil)
        _ = queue.answer()
        #expect(Self.failure(queue.add(RedisCommand("PING"), for: "c", now: Self.start)) == nil)
    }

    @Test func bytesBeyondTheirBoundAreRefusedUntilTheSocketHasTakenSome() throws {
        let large = RedisCommand("SET", "x", .bytes([UInt8](repeating: 1, count: 600)))
        var queue = try Self.queue { $0.bytes = 1000 }
        _ = try queue.add(large, for: "a", now: Self.start).get()
        guard case .overloaded = Self.failure(queue.add(large, for: "b", now: Self.start)) else {
            Issue.record("the command was taken")
            return
        }
        _ = queue.takeOutgoing()
        #expect(Self.failure(queue.add(large, for: "b", now: Self.start)) != nil)
        _ = queue.finishWriting()
        #expect(Self.failure(queue.add(large, for: "b", now: Self.start)) == nil)
    }

    @Test func aCommandThatIsTooLargeIsRefusedAndTheQueueGoesOn() throws {
        var queue = try Self.queue("a") { $0.command = 1000 }
        let large = RedisCommand("SET", "x", .bytes([UInt8](repeating: 1, count: 1001)))
        guard case .tooLarge(let bytes, limit: 1000) = Self.failure(queue.add(large, for: "b", now: Self.start)) else {
            Issue.record("the command was taken")
            return
        }
        #expect(bytes > 1000)
        #expect(queue.count == 1)
    }
}
