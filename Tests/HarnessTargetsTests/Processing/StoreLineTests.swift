import EphemeralTesting
import EphemeralTime
import Processing
import Testing

@testable import HarnessTargets

/// What the weather does to the way to a store.
@Suite(.timeLimit(.minutes(1)))
struct StoreLineTests {
    private let time = ManualTimeSource()
    private let store: MemoryProcessingStore
    private let weather: StoreWeather
    private let line: StoreLine
    private let executor = ManualTaskExecutor()
    /// Waits in the store.
    private let request = ClaimRequest(
        worker: .next(),
        queues: ["default"],
        count: 1,
        lease: .seconds(1),
        patience: .seconds(5)
    )

    init() {
        store = MemoryProcessingStore(time: time)
        weather = StoreWeather(time: time)
        line = StoreLine(to: store, weather: weather)
    }

    private func enqueue() async throws {
        _ = try await line.enqueue([JobRequest(operation: "a", payload: [])], in: "default")
    }

    /// Makes a call, which then has come as far as it can.
    private func begin<Answer: Sendable>(
        _ call: @escaping @Sendable @concurrent () async throws -> Answer
    ) -> Task<Answer, any Error> {
        let task = executor.spawn(call)
        executor.runUntilIdle()
        return task
    }

    /// A claim that has taken a job, and whose answer is held up on its way back.
    private func heldUpClaim() async throws -> Task<[ClaimedJob], any Error> {
        let claim = begin { try await line.claim(request) }
        weather.stall(true)
        _ = try await store.enqueue([JobRequest(operation: "a", payload: [])], in: "default")
        executor.runUntilIdle()
        #expect(try await store.status(of: ["default"])[0].running == 1)
        return claim
    }

    private var stored: Int { get async throws { try await store.status(of: ["default"])[0].enqueued } }

    @Test func aFairWayHandsCallsOn() async throws {
        try await enqueue()
        #expect(try await stored == 1)
    }

    @Test func aStallHoldsCallsBackUntilItsEnd() async throws {
        weather.stall(true)
        let call = begin { try await enqueue() }
        #expect(try await stored == 0)
        weather.stall(false)
        executor.runUntilIdle()
        try await call.value
        #expect(try await stored == 1)
    }

    @Test func aDelayTakesItsTime() async throws {
        weather.delay(by: .seconds(3))
        let call = Task { try await enqueue() }
        let deadline = try await time.nextSleep()
        #expect(time.now.duration(to: deadline) == .seconds(3))
        #expect(try await stored == 0)
        time.advance(to: deadline)
        try await call.value
        #expect(try await stored == 1)
    }

    @Test func aCutRefusesCallsAndNothingIsStored() async throws {
        weather.cut(true)
        await #expect(throws: ProcessingError(code: .storeUnavailable, message: "")) { try await enqueue() }
        weather.cut(false)
        #expect(try await stored == 0)
        try await enqueue()
        #expect(try await stored == 1)
    }

    @Test func theAnswerToACallThatWasUnderWayIsLostWithACut() async throws {
        let claim = Task { try await line.claim(request) }
        // The claim waits in the store.
        _ = try await time.nextSleep()
        weather.cut(true)
        weather.cut(false)
        try await enqueue()
        await #expect(throws: ProcessingError(code: .outcomeUnknown, message: "")) { try await claim.value }
        #expect(try await store.status(of: ["default"])[0].running == 1)
    }

    @Test func theRefusalOfACallThatWasUnderWayIsLostWithACut() async throws {
        let claim = Task { try await line.claim(request) }
        // The claim waits in the store.
        _ = try await time.nextSleep()
        weather.cut(true)
        weather.cut(false)
        await store.shutdown()
        await #expect(throws: ProcessingError(code: .outcomeUnknown, message: "")) { try await claim.value }
    }

    @Test func anAnswerThatIsHeldUpIsLostWithACut() async throws {
        let claim = try await heldUpClaim()
        weather.cut(true)
        executor.runUntilIdle()
        await #expect(throws: ProcessingError(code: .outcomeUnknown, message: "")) { try await claim.value }
    }

    @Test func anAnswerThatIsHeldUpIsLostAlsoWhenTheCutIsOverAtOnce() async throws {
        let claim = try await heldUpClaim()
        weather.cut(true)
        weather.cut(false)
        weather.stall(false)
        executor.runUntilIdle()
        await #expect(throws: ProcessingError(code: .outcomeUnknown, message: "")) { try await claim.value }
    }

    @Test func aCallerWhoWaitsForAnAnswerNoMoreIsNotToldThatNothingWasDone() async throws {
        let claim = try await heldUpClaim()
        claim.cancel()
        executor.runUntilIdle()
        await #expect(throws: ProcessingError(code: .outcomeUnknown, message: "")) { try await claim.value }
    }

    @Test func aSeveredLineIsClosedForGood() async throws {
        line.sever()
        await #expect(throws: ProcessingError(code: .closed, message: "")) { try await enqueue() }
        #expect(try await stored == 0)
    }
}
