import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ClaimCounterTests {
    @Test
    func numbersAreDenseUpToTheLimitOfThePhase() {
        let claims = ClaimCounter()
        claims.beginPhase(operations: 5)
        #expect(claims.claim(upTo: 3) == 0..<3)
        #expect(claims.claim(upTo: 3) == 3..<5)
        #expect(claims.claim(upTo: 3) == nil)
        #expect(claims.claimOne() == nil)
        #expect(claims.claimed == 5)
    }

    @Test
    func nextPhaseGoesOnWhereTheLastOneEnded() {
        let claims = ClaimCounter()
        claims.beginPhase(operations: 2)
        while claims.claimOne() != nil {}
        claims.beginPhase(operations: nil)
        #expect(claims.claimOne() == 2)
        claims.beginPhase(operations: 1)
        #expect(claims.claimOne() == 3)
        #expect(claims.claimOne() == nil)
    }

    @Test
    func concurrentClaimsGetEachNumberOnce() async {
        let claims = ClaimCounter()
        claims.beginPhase(operations: 10_000)
        let claimed = await withTaskGroup(of: [Int].self) { group in
            for size in 1...8 {
                group.addTask {
                    var own: [Int] = []
                    while let block = claims.claim(upTo: size) { own += block }
                    return own
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.sorted() == Array(0..<10_000))
    }
}
