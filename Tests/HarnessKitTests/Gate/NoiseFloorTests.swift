import Testing

@testable import HarnessKit

struct NoiseFloorTests {
    @Test func whatProcessesDifferInCounts() throws {
        let groups = (0..<8).map { Array(repeating: 1 + Double($0) / 20, count: 20) }
        let apart = try #require(NoiseFloor.share(of: groups))
        #expect(apart > 0.1)
        let mixed = try #require(NoiseFloor.share(of: [groups.flatMap(\.self)]))
        #expect(mixed < apart, "single runs of one process are in both halves")
    }

    @Test(arguments: [0, -1, Double.nan, .infinity])
    func aShareOfNothingIsUnknown(value: Double) {
        #expect(NoiseFloor.share(of: [[value, 1, 1, 1, 1]]) == nil)
    }

    @Test func figuresThatAreAlwaysNothingHaveNoNoise() {
        #expect(NoiseFloor.share(of: [[0, 0], [0, 0]]) == 0)
    }
}
