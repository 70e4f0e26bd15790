import Processing
import Testing

/// Pauses between attempts.
struct RetryPolicyTests {
    @Test(arguments: [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (1000, 60)])
    func pausesGrowUpToTheCap(_ attempt: Int, _ seconds: Int) {
        #expect(RetryPolicy(jitter: 0).pause(afterAttempt: attempt, chance: 0.5) == .seconds(seconds))
    }

    @Test(arguments: [(0.0, 0), (0.5, 2000), (1, 4000)])
    func fullJitterSpreadsThePauseFromNothing(_ chance: Double, _ milliseconds: Int) {
        #expect(RetryPolicy().pause(afterAttempt: 3, chance: chance) == .milliseconds(milliseconds))
    }

    @Test func partOfThePauseCanBeKept() {
        let policy = RetryPolicy(base: .seconds(10), jitter: 0.25)
        #expect(policy.pause(afterAttempt: 1, chance: 0) == .milliseconds(7500))
        #expect(policy.pause(afterAttempt: 1, chance: 1) == .seconds(10))
    }
}
