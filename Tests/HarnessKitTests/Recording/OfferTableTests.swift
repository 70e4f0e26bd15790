import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct OfferTableTests {
    private let entry = OfferEntry(intended: 1, submitted: 2, phase: 3)

    @Test
    func attemptsAreCountedUntilOneSucceeds() {
        var entries = OfferEntries()
        entries.offer(7, entry)
        #expect(entries.start(7)?.attempts == 1)
        entries.finish(7, succeeded: false)
        #expect(entries.start(7)?.attempts == 2)
        #expect(entries.start(7)?.submitted == 2)
        entries.finish(7, succeeded: true)
        #expect(entries.start(7) == nil)
    }

    @Test
    func failedOperationsAreRememberedUpToABound() {
        var entries = OfferEntries()
        for index in 0...OfferEntries.failedLimit {
            entries.offer(index, entry)
            _ = entries.start(index)
            entries.finish(index, succeeded: false)
        }
        #expect(entries.count == OfferEntries.failedLimit)
        #expect(entries.start(0) == nil)
        #expect(entries.start(1)?.attempts == 2)
    }

    @Test
    func refusedOperationsAreForgotten() {
        var entries = OfferEntries()
        entries.offer(1, entry)
        entries.forget(1)
        #expect(entries.count == 0)
    }
}
