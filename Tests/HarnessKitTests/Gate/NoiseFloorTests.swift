import Foundation
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

    // As many runs as there are say more than half as many.
    @Test func wholeSetsScatterLessThanHalves() throws {
        let groups = (0..<8).map { [1 + Double($0) / 20] }
        let halves = try #require(NoiseFloor.share(of: groups))
        let whole = try #require(NoiseFloor.share(of: groups, whole: true))
        #expect(abs(log(1 + halves) / log(1 + whole) - 2.0.squareRoot()) < 1e-9)
        let odd = Array(groups[..<5])
        let half = try #require(NoiseFloor.share(of: odd))
        let all = try #require(NoiseFloor.share(of: odd, whole: true))
        #expect(abs(log(1 + half) / log(1 + all) - ((5.0 / 2 + 5.0 / 3) / 2).squareRoot()) < 1e-9)
    }

    @Test(arguments: [0, -1, Double.nan, .infinity])
    func aShareOfNothingIsUnknown(value: Double) {
        #expect(NoiseFloor.share(of: [[value, 1, 1, 1, 1]]) == nil)
    }

    @Test func figuresThatAreAlwaysNothingHaveNoNoise() {
        #expect(NoiseFloor.share(of: [[0, 0], [0, 0]]) == 0)
    }
}
