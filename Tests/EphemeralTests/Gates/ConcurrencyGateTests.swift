import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConcurrencyGateTests {
    let stage = Stage()

    @Test func callersPassInTheirOrderUpToTheLimit() throws {
        let gate = try FixedConcurrencyGate(limit: 2)
        let passed = stage.starts
        for caller in 1...4 {
            stage.call {
                try await gate.acquire()
                passed.record(caller)
            }
        }
        #expect(passed.elements == [1, 2])
        gate.release()
        stage.run()
        #expect(passed.elements == [1, 2, 3])
        gate.release()
        stage.run()
        #expect(passed.elements == [1, 2, 3, 4])
    }

    @Test func aCancelledCallerTakesNoPermitAndKeepsNobodyWaiting() throws {
        let gate = try FixedConcurrencyGate(limit: 1)
        stage.call { try await gate.acquire() }
        let first = stage.call { try await gate.acquire() }
        let second = stage.call { try await gate.acquire() }
        let cancelledEarly = stage.call(cancelled: true) { try await gate.acquire() }
        first.task.cancel()
        stage.run()
        #expect(first.error is CancellationError && cancelledEarly.error is CancellationError)
        gate.release()
        stage.run()
        #expect(second.hasSucceeded)
    }

    @Test func aLowerLimitHoldsAlsoWhileCallersWait() throws {
        let gate = try AdjustableConcurrencyGate(limit: 8)
        let passed = stage.starts
        for caller in 1...20 {
            stage.call {
                try await gate.acquire()
                passed.record(caller)
            }
        }
        #expect(passed.count == 8)
        try gate.updateLimit(2)
        for _ in 1...6 { gate.release() }
        stage.run()
        #expect(passed.count == 8, "two are still out")
        gate.release()
        stage.run()
        #expect(passed.count == 9)
        try gate.updateLimit(8)
        stage.run()
        #expect(passed.count == 15, "two were out, six more may be")
    }

    @Test func workRunsWithAPermitAndGivesItBackWhenItThrows() throws {
        let gate = try FixedConcurrencyGate(limit: 1)
        let failing = stage.call { try await gate.withPermit { throw Failure(number: 1) } }
        #expect(failing.error is Failure)
        let next = stage.call { try await gate.withPermit {} }
        #expect(next.hasSucceeded)
    }

    @Test func badLimitsAndChangesOfAFixedOneAreRefused() throws {
        #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) { try FixedConcurrencyGate(limit: 0) }
        let adjustable = try AdjustableConcurrencyGate(limit: 1)
        #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) { try adjustable.updateLimit(-1) }
        let fixed = try FixedConcurrencyGate(limit: 1)
        #expect(throws: CoordinatorError(code: .dynamicConcurrencyDisabled, message: "")) { try fixed.updateLimit(2) }
        #expect(fixed.limit == 1)
    }

    #if DEBUG
        @Test func releasingWhatNobodyHoldsStopsADebugBuild() async {
            await #expect(processExitsWith: .failure) {
                try FixedConcurrencyGate(limit: 1).release()
            }
        }
    #endif
}
