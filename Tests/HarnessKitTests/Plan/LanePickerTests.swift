import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LanePickerTests {
    private func plan(_ lanes: LaneDistribution, seed: UInt64 = 7) throws -> Plan {
        var scenario = PlanFixture.open(rate: 10, seconds: 1, seed: seed)
        scenario.load.lanes = lanes
        return try Plan(scenario)
    }

    private static let shares = LaneDistribution.shares([
        .init(lane: "urgent", share: 0.1), .init(lane: "normal", share: 0.7), .init(lane: "low", share: 0.2),
    ])

    @Test func operationsWithoutLanesHaveLaneZero() throws {
        #expect(try plan(.none).lane(of: 41) == 0)
        #expect(LaneDistribution.none.names.isEmpty)
    }

    @Test func lanesInTurnRepeatTheList() throws {
        let lanes = LaneDistribution.inTurn(["urgent", "low", "low"])
        #expect(lanes.names == ["urgent", "low"])
        let plan = try plan(lanes)
        #expect((0..<7).map(plan.lane(of:)) == [0, 1, 1, 0, 1, 1, 0])
    }

    // The standard error of a share of 0.7 over 100 000 draws is 0.00145; four of them.
    @Test func lanesGetTheirShares() throws {
        let plan = try plan(Self.shares)
        var hits = [0, 0, 0]
        for index in 0..<100_000 { hits[plan.lane(of: index)] += 1 }
        for (hit, share) in zip(hits, [0.1, 0.7, 0.2]) { #expect(abs(Double(hit) / 100_000 - share) < 0.0058) }
    }

    @Test func theSeedAloneDecides() throws {
        let lanes = try (0..<100).map(plan(Self.shares).lane(of:))
        #expect(try (0..<100).map(plan(Self.shares).lane(of:)) == lanes)
        #expect(try (0..<100).map(plan(Self.shares, seed: 8).lane(of:)) != lanes)
    }

    @Test func lanesDoNotChangeTheKeysOfOperations() throws {
        var scenario = PlanFixture.open(rate: 10, seconds: 1)
        scenario.load.keys = .uniform(count: 50)
        let keys = try (0..<100).map(Plan(scenario).key(of:))
        scenario.load.lanes = Self.shares
        #expect(try (0..<100).map(Plan(scenario).key(of:)) == keys)
    }

    @Test func anOperationCarriesKeyAndLane() throws {
        let plan = try plan(.inTurn(["a", "b"]))
        #expect(plan.operation(3) == Operation(index: 3, key: 0, lane: 1))
    }

    @Test(arguments: [
        LaneDistribution.shares([.init(lane: "a", share: 0.5)]),
        .shares([.init(lane: "a", share: 1.5), .init(lane: "b", share: -0.5)]),
        .inTurn([]),
        .inTurn((0...256).map { "lane-\($0)" }),
    ])
    func impossibleLanesAreErrors(lanes: LaneDistribution) {
        #expect(throws: PlanError.self) { try plan(lanes) }
    }
}
