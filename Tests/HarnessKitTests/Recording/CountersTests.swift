import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct CountersTests {
    @Test
    func countsOfManyTasksAddUp() async {
        let counters = Counters()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let ledger = counters.makeLedger()
                    for _ in 0..<10_000 {
                        ledger.offered()
                        ledger.settled(accepted: true)
                        counters.completed()
                    }
                }
            }
        }
        let tally = counters.tally
        #expect(tally.offered == 80_000)
        #expect(tally.accepted == 80_000)
        #expect(tally.completed == 80_000)
        #expect(tally.started == 80_000, "bodies that take no time are counted at their end alone")
        #expect(tally.inFlight == 0)
    }

    @Test
    func claimsCountAsOfferedAndAccepted() {
        let counters = Counters()
        let claims = ClaimCounter()
        counters.countClaims(of: claims)
        claims.beginPhase(operations: 3)
        while claims.claimOne() != nil {}
        #expect(counters.tally.offered == 3)
        #expect(counters.tally.accepted == 3)
        #expect(counters.tally.inFlight == 3)
    }

    @Test
    func concurrencyMeterKeepsTheHighestLevel() {
        let meter = ConcurrencyMeter()
        meter.enter()
        meter.enter()
        meter.leave()
        meter.enter()
        meter.leave()
        meter.leave()
        #expect(meter.highest == 2)
    }
}
