import EphemeralTesting
import Synchronization
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct PullSourceTests {
    private let base = EngineBase(options: EphemeralOptions())

    @Test func itemsComeInBatchesUntilTheEnd() {
        let source = PullSource<ArrivalQueue<Int, Unrouted>>(1...40) { _ in Unrouted() }
        let intake = Mutex(Intake<QueueEntry<Int, Unrouted>>(room: 0))
        let more = source.refill(intake, base: base) { false }
        #expect(more)
        #expect(intake.withLock { $0.entries.map(\.item) } == Array(1...32))
        let last = source.refill(intake, base: base) { false }
        #expect(!last)
        #expect(intake.withLock { $0.entries.map(\.item) } == Array(1...40))
        let afterwards = source.refill(intake, base: base) { false }
        #expect(!afterwards)
    }

    @Test func aWorkerThatComesSecondTakesNothing() {
        let source = PullSource<ArrivalQueue<Int, Unrouted>>(1...40) { _ in Unrouted() }
        let intake = Mutex(Intake<QueueEntry<Int, Unrouted>>(room: 0))
        let more = source.refill(intake, base: base) { true }
        #expect(more)
        #expect(intake.withLock { $0.entries.isEmpty })
    }

    @Test func aClosedIntakeGetsNothing() {
        let source = PullSource<ArrivalQueue<Int, Unrouted>>(1...40) { _ in Unrouted() }
        let intake = Mutex(Intake<QueueEntry<Int, Unrouted>>(room: 0))
        intake.withLock { $0.isOpen = false }
        _ = source.refill(intake, base: base) { false }
        #expect(intake.withLock { $0.entries.isEmpty })
    }
}
