import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct GateTests {
    let gate = Gate()
    let executor = ManualTaskExecutor()
    let passed = Journal<Int>()

    private func send(_ count: Int) {
        for index in 1...count {
            executor.spawn { [gate, passed] in
                try await gate.wait()
                passed.record(index)
            }
        }
        executor.runUntilIdle()
    }

    @Test func aClosedGateStopsEverybodyAndOpeningLetsAllThroughInOrder() {
        send(3)
        #expect(passed.elements.isEmpty)
        #expect(gate.waitingCount == 3)
        gate.open()
        executor.runUntilIdle()
        #expect(passed.elements == [1, 2, 3])
        #expect(gate.waitingCount == 0)
    }

    @Test func anOpenGateStopsNobodyAndCountsThem() {
        gate.open()
        send(2)
        #expect(passed.elements == [1, 2])
        #expect(gate.arrivalCount == 2)
    }

    @Test func aGateMayBeMadeOpen() async throws {
        try await Gate(isOpen: true).wait()
    }

    @Test func closingStopsThoseWhoComeLater() {
        gate.open()
        gate.close()
        send(1)
        #expect(passed.elements.isEmpty)
        gate.open()
        executor.runUntilIdle()
    }

    @Test func releaseLetsTheLongestWaitingThroughAndKeepsTheRestForTheNext() {
        send(1)
        gate.release(2)
        executor.runUntilIdle()
        #expect(passed.elements == [1])
        send(2)
        #expect(passed.elements == [1, 1])
        #expect(gate.waitingCount == 1)
        gate.release(0)
        executor.runUntilIdle()
        #expect(gate.waitingCount == 1)
        gate.release()
        executor.runUntilIdle()
        #expect(passed.elements == [1, 1, 2])
    }

    @Test func arrivalsWaitsForThatManyAndCountsThePast() async throws {
        async let second: Void = gate.arrivals(2)
        send(2)
        try await second
        try await gate.arrivals(1)
        gate.open()
        executor.runUntilIdle()
    }

    @Test func cancellationEndsAWaitAtTheGate() async throws {
        let body = Task { [gate] in try await gate.wait() }
        try await gate.arrivals(1)
        body.cancel()
        await #expect(throws: CancellationError.self) { try await body.value }
        #expect(gate.waitingCount == 0)
    }

    @Test func aWaitThatIgnoresCancellationEndsWithTheOpeningOnly() async throws {
        let body = executor.spawn { [gate, passed] in
            await gate.waitIgnoringCancellation()
            passed.record(1)
        }
        body.cancel()
        executor.runUntilIdle()
        #expect(gate.waitingCount == 1)
        gate.open()
        executor.runUntilIdle()
        #expect(passed.elements == [1])
    }

    @Test func cancellationEndsAWaitForArrivals() async throws {
        let observer = Task { [gate] in try await gate.arrivals(1) }
        observer.cancel()
        await #expect(throws: CancellationError.self) { try await observer.value }
    }
}
