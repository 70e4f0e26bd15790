import Synchronization
import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct EmptyGateTests {
    private let counters = Counters()
    private let calls = CallCount()
    private let gate: EmptyGate

    init() {
        gate = EmptyGate(counters: counters) { [calls] in calls.increment() }
    }

    @Test
    func gateSaysNothingUntilItIsArmed() {
        gate.check()
        #expect(calls.value == 0)
        gate.arm()
        #expect(calls.value == 1)
    }

    @Test
    func lastEndOfAnOperationOpensIt() {
        counters.accepted()
        counters.accepted()
        gate.arm()
        counters.completed()
        gate.check()
        #expect(calls.value == 0)
        counters.discarded()
        gate.check()
        #expect(calls.value == 1)
    }

    @Test
    func submittersKeepItShut() {
        gate.enter()
        gate.arm()
        #expect(calls.value == 0)
        gate.leave()
        #expect(calls.value == 1)
    }

    @Test
    func disarmedGateIsSilentAgain() {
        gate.arm()
        gate.disarm()
        gate.check()
        #expect(calls.value == 1)
    }
}

/// Counts calls from any thread.
final class CallCount: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }
    func increment() { count.wrappingAdd(1, ordering: .relaxed) }
}
