import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct KeyPickerTests {
    private func plan(_ keys: KeyDistribution) throws -> Plan {
        var scenario = PlanFixture.open(rate: 10, seconds: 1)
        scenario.load.keys = keys
        return try Plan(scenario)
    }

    private func shares(_ keys: KeyDistribution, count: Int) throws -> [Double] {
        let plan = try plan(keys)
        var hits = Array(repeating: 0, count: count)
        for index in 0..<100_000 { hits[plan.key(of: index)] += 1 }
        return hits.map { Double($0) / 100_000 }
    }

    @Test func operationsWithoutKeysHaveKeyZero() throws {
        #expect(try plan(.none).key(of: 41) == 0)
    }

    @Test func roundRobinTakesKeysInTurn() throws {
        let plan = try plan(.roundRobin(count: 3))
        #expect((0..<7).map(plan.key(of:)) == [0, 1, 2, 0, 1, 2, 0])
    }

    // The standard error of a share of 1/8 over 100 000 draws is 0.00105; four of them.
    @Test func uniformKeysAreEquallyLikely() throws {
        #expect(try shares(.uniform(count: 8), count: 8).allSatisfy { abs($0 - 0.125) < 0.0042 })
    }

    // H(64, 1.1) = Σ k^-1.1 = 3.99205; key k has share k^-1.1 / H, with standard error at most 0.0014.
    @Test(arguments: [(0, 0.250_498), (1, 0.116_861), (9, 0.019_898), (63, 0.002_582)])
    func zipfKeysHaveTheirExactShares(key: Int, share: Double) throws {
        let drawn = try shares(.zipf(count: 64, exponent: 1.1), count: 64)[key]
        let standardError = (share * (1 - share) / 100_000).squareRoot()
        #expect(abs(drawn - share) < 4 * standardError)
    }

    @Test(arguments: [
        KeyDistribution.uniform(count: 0), .roundRobin(count: -1), .zipf(count: 20_000_000, exponent: 1),
        .zipf(count: 5, exponent: -1),
    ])
    func impossibleKeysAreErrors(keys: KeyDistribution) {
        #expect(throws: PlanError.self) { try plan(keys) }
    }
}
