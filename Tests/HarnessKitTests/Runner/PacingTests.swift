import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct PacingTests {
    @Test
    func nothingIsDueBeforeItsTime() {
        var pacing = Pacing(starts: [100, 200])
        #expect(pacing.due(at: 99, limit: 10).isEmpty)
        #expect(pacing.nextWake(after: 99) == 100)
    }

    @Test
    func everythingDueIsHandedOverAtOneWake() {
        var pacing = Pacing(starts: [100, 200, 200, 5000])
        #expect(pacing.due(at: 200, limit: 10) == 0..<3)
        #expect(!pacing.isFinished)
        #expect(pacing.nextWake(after: 200) == 5000)
        #expect(pacing.due(at: 9000, limit: 10) == 3..<4)
        #expect(pacing.isFinished)
        #expect(pacing.nextWake(after: 9000) == nil)
    }

    @Test
    func batchesAreBounded() {
        var pacing = Pacing(starts: [1, 2, 3, 4, 5])
        #expect(pacing.due(at: 10, limit: 2) == 0..<2)
        #expect(pacing.due(at: 10, limit: 2) == 2..<4)
        #expect(pacing.due(at: 10, limit: 2) == 4..<5)
    }

    @Test
    func denseArrivalsArePutTogetherByTicks() {
        let pacing = Pacing(starts: (0..<1000).map { Int64($0) * 2000 })
        #expect(pacing.nextWake(after: 0) == Pacing.tick)
    }

    @Test
    func sparseArrivalsAreWokenForOneByOne() {
        let pacing = Pacing(starts: (1..<1000).map { Int64($0) * 100_000 })
        #expect(pacing.nextWake(after: 99_000) == 100_000)
    }

    @Test(arguments: [
        (Load.LatePolicy.keep, Int64(5), true), (.drop, 5, true), (.drop, 11, false), (.fail, 11, true),
    ])
    func onlyDroppingPolicyKeepsLateArrivalsBack(policy: Load.LatePolicy, lateness: Int64, submits: Bool) {
        #expect(LatenessRule(policy: policy, limit: 10).submits(lateness: lateness) == submits)
    }

    @Test(arguments: [
        (Load.LatePolicy.keep, Int64(2_000_000), Int64(9_000_000), true), (.keep, 900_000, 9_000_000, false),
        (.fail, 900_000, 9_000_000, true), (.fail, 900_000, 1_000_000, false),
    ])
    func gateObjectsToLateGenerators(policy: Load.LatePolicy, p99: Int64, largest: Int64, objects: Bool) {
        let rule = LatenessRule(policy: policy, limit: 1_000_000)
        #expect((rule.objection(p99: p99, largest: largest, samples: 1000) != nil) == objects)
    }

    @Test
    func noGateMeansNoObjection() {
        let rule = LatenessRule(policy: .keep, limit: nil)
        #expect(rule.objection(p99: .max, largest: .max, samples: 1) == nil)
    }
}
