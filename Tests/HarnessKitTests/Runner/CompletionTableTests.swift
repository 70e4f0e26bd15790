import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct CompletionTableTests {
    @Test
    func endBeforeTheWaitLetsItPass() {
        var pending = PendingCompletions<String>()
        pending.expect(1)
        #expect(pending.finish(1) == nil)
        #expect(pending.wait(1, "producer") == true)
    }

    @Test
    func endAfterTheWaitReturnsTheWaiterOnce() {
        var pending = PendingCompletions<String>()
        pending.expect(1)
        #expect(pending.wait(1, "producer") == false)
        #expect(pending.finish(1) == "producer")
        #expect(pending.finish(1) == nil)
    }

    @Test
    func endsThatNobodyExpectsAreIgnored() {
        var pending = PendingCompletions<String>()
        #expect(pending.finish(1) == nil)
        pending.expect(2)
        pending.forget(2)
        #expect(pending.finish(2) == nil)
        #expect(pending.wait(2, "late") == true)
    }

    @Test
    func releaseReturnsAllWaitersAndLetsLaterOnesPass() {
        var pending = PendingCompletions<String>()
        pending.expect(1)
        pending.expect(2)
        #expect(pending.wait(1, "first") == false)
        #expect(pending.release() == ["first"])
        pending.expect(3)
        #expect(pending.wait(3, "later") == true)
    }

    @Test
    func everyWaitOfManyProducersEnds() async {
        let table = CompletionTable()
        await withTaskGroup(of: Void.self) { group in
            for producer in 0..<8 {
                group.addTask {
                    for round in 0..<500 {
                        let index = round * 8 + producer
                        table.expect(index)
                        async let end: Void = table.finish(index)
                        await table.wait(for: index)
                        await end
                    }
                }
            }
        }
        await table.wait(for: 0)
    }
}
