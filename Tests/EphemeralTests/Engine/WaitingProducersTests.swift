import Testing

@testable import Ephemeral

struct WaitingProducersTests {
    /// Callers who stand in lines, each given as waiter and line, for as long as `body` runs.
    private func withCallers(
        _ callers: [(waiter: UInt64, line: Int)],
        _ body: @Sendable (inout WaitingProducers<Int>) -> Void
    ) async throws {
        var producers = WaitingProducers<Int>(lines: 2)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            for caller in callers {
                let producer = WaitingProducers<Int>.Producer(
                    waiter: caller.waiter,
                    entry: Int(caller.waiter),
                    continuation: continuation
                )
                producers.append(producer, line: caller.line)
            }
            body(&producers)
            continuation.resume()
        }
    }

    @Test func everybodyIsTakenOutInTheOrderOfArrivalWhateverTheLine() async throws {
        try await withCallers([(1, 1), (2, 0), (3, 1), (4, 0)]) { producers in
            #expect(producers.count == 4)
            #expect(producers.removeAll().map(\.waiter) == [1, 2, 3, 4])
            #expect(producers.isEmpty && producers.lines.count == 2)
        }
    }

    @Test func whoGivesUpLeavesTheOthersInTheirLines() async throws {
        try await withCallers([(1, 0), (2, 0), (3, 1)]) { producers in
            #expect(producers.remove(1)?.entry == 1)
            #expect(producers.remove(1) == nil)
            #expect(producers.count == 2)
            producers.removeFirst(of: 1)
            #expect(producers.lines.map { $0.map(\.waiter) } == [[2], []])
        }
    }
}
