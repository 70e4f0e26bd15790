import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct DiscardedRunsTests {
    private enum Side {
        case base, head, both
    }

    /// One process for each side, with so many runs of it that do not count.
    private static func runs(_ processes: [Side], pairs: Int = 1) -> DiscardedRuns {
        var runs = DiscardedRuns()
        for side in processes {
            runs.beginProcess()
            for _ in 0..<pairs {
                runs.count(base: side == .head ? [] : ["late"], head: side == .base ? [] : ["ended at its limit"])
            }
        }
        return runs
    }

    private static func row(_ processes: [Side], pairs: Int = 1) -> RegressionRow? {
        runs(processes, pairs: pairs).row(of: GateMatchingTests.subject("s", "t"))
    }

    @Test func runsOfTheNewBuildAloneThatDoNotCountAreSuspicious() throws {
        let row = try #require(Self.row(Array(repeating: .head, count: 8), pairs: 2))
        #expect(row.isBlocking)
        #expect(row.quantity == RegressionRow.validity)
        #expect(row.probability == 1.0 / 256)
        #expect(row.detail?.contains("16 of 16 runs of the head build do not count") == true)
        #expect(row.detail?.hasSuffix("in 8 of 8 processes: ended at its limit") == true)
    }

    // What a process is unlucky with, all its runs share.
    @Test func oneProcessIsOneCoinHoweverManyPairsItMakes() {
        #expect(Self.row([.head], pairs: 100)?.verdict == .same)
        #expect(Self.row([.head], pairs: 100)?.probability == 0.5)
        #expect(Self.row(Array(repeating: .head, count: 4), pairs: 100)?.verdict == .same)
    }

    @Test func aBusyMachineIsNoRegression() {
        #expect(Self.row(Array(repeating: .base, count: 6) + Array(repeating: .head, count: 9))?.verdict == .same)
        #expect(Self.row(Array(repeating: .both, count: 40))?.verdict == .same)
    }

    @Test func nothingIsToldOfNoPairs() {
        #expect(DiscardedRuns().row(of: GateMatchingTests.subject("s", "t")) == nil)
    }

    @Test func freshProcessesMustAllLeanTheSameWay() {
        #expect(Self.runs([.head, .head, .head, .both]).confirms)
        #expect(!Self.runs([.head, .head, .both, .both]).confirms)
        #expect(!Self.runs([.head, .head, .head, .base]).confirms)
    }

    // At least 8 of 10 heads come in 56 of 1024 throws of ten coins.
    @Test func theChanceIsThatOfCoins() {
        let runs = Self.runs(Array(repeating: .head, count: 8) + [.base, .base])
        #expect(abs(runs.chance - 56.0 / 1024) < 1e-12)
    }

    // One half to the power of 2000 is no number any more, and half of all outcomes lie on either side.
    @Test func theChanceOfManyCoinsIsANumber() {
        let runs = Self.runs(Array(repeating: .base, count: 1000) + Array(repeating: .head, count: 1001))
        #expect(abs(runs.chance - 0.5) < 1e-9)
    }
}
