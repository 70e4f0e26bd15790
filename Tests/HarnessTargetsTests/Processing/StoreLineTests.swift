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

    init() {
        store = MemoryProcessingStore(time: time)
        weather = StoreWeather(time: time)
        line = StoreLine(to: store, weather: weather)
    }

    private func enqueue() async throws {
        _ = try await line.enqueue([JobRequest(operation: "a", payload: [])], in: "default")
    }

    private var stored: Int { get async throws { try await store.status(of: ["default"])[0].enqueued } }

    @Test func aFairWayHandsCallsOn() async throws {
        try await enqueue()
        #expect(try await stored == 1)
    }

    @Test func aStallHoldsCallsBackUntilItsEnd() async throws {
        weather.stall(true)
        let call = Task { try await enqueue() }
        // Whether the call waits already or comes only now, it goes its way afterwards.
        #expect(try await stored == 0)
        weather.stall(false)
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
        let request = ClaimRequest(
            worker: .next(),
            queues: ["default"],
            count: 1,
            lease: .seconds(1),
            patience: .seconds(5)
        )
        let claim = Task { try await line.claim(request) }
        // The claim waits in the store.
        _ = try await time.nextSleep()
        weather.cut(true)
        weather.cut(false)
        try await enqueue()
        await #expect(throws: ProcessingError(code: .outcomeUnknown, message: "")) { try await claim.value }
        #expect(try await store.status(of: ["default"])[0].running == 1)
    }

    @Test func aSeveredLineIsClosedForGood() async throws {
        line.sever()
        await #expect(throws: ProcessingError(code: .closed, message: "")) { try await enqueue() }
        #expect(try await stored == 0)
    }
}
