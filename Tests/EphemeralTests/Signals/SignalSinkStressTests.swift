import Ephemeral
import EphemeralTime
import Synchronization
import Testing

/// Eight tasks at once; only what must hold under every schedule is asserted.
@Suite(.timeLimit(.minutes(1)))
struct SignalSinkStressTests {
    private static let tasks = 8

    private func concurrently(_ body: @escaping @Sendable (_ task: Int) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<Self.tasks { group.addTask { body(task) } }
        }
    }

    @Test(arguments: 0..<3 as Range<UInt64>)
    func boundsAndCountsHoldUnderEverySchedule(seed: UInt64) async {
        let sink = SignalSink(maxCapacity: 64)
        let seen = Atomic(0)
        let retracted = Atomic(0)
        let broken = Recorder<String>()
        let raises = sink.subscribe { _ in seen.add(1, ordering: .relaxed) }
        let retractions = sink.subscribeToRetractions { _ in retracted.add(1, ordering: .relaxed) }
        let raised = Atomic(0)
        let removed = Atomic(0)
        await concurrently { task in
            var random = SplitMix64(seed: seed &* 100 &+ UInt64(task))
            for _ in 0..<3000 {
                let name = "s.\(Int.random(in: 0..<10, using: &random))"
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<6:
                    sink.raise(name)
                    raised.add(1, ordering: .relaxed)
                case 6: removed.add(sink.retract(name), ordering: .relaxed)
                case 7: if !(0...64).contains(sink.count(.matching("s.*"))) { broken.add("count") }
                case 8:
                    let events = sink.signals()
                    if events.count > 64 { broken.add("capacity") }
                    if zip(events, events.dropFirst()).contains(where: { $0.timestamp > $1.timestamp }) {
                        broken.add("order")
                    }
                    if Set(events.map(\.operationID)).count != events.count { broken.add("identity") }
                default:
                    let subscription = sink.subscribe(to: ["s.1"]) { _ in }
                    subscription.cancel()
                }
            }
        }
        #expect(broken.values.isEmpty)
        #expect(seen.load(ordering: .relaxed) == raised.load(ordering: .relaxed))
        #expect(retracted.load(ordering: .relaxed) == removed.load(ordering: .relaxed))
        #expect(sink.count == sink.signals().count)
        #expect(sink.count(.matching("s.*")) == sink.count)
        #expect((0..<10).map { sink.count(.name("s.\($0)")) }.reduce(0, +) == sink.count)
        raises.cancel()
        retractions.cancel()
    }

    @Test func readersNeverSeeAnEmptyWindowDuringRemoval() async {
        let sink = SignalSink(maxCapacity: 1000)
        sink.raise("stop")
        let missed = Atomic(0)
        await concurrently { task in
            for step in 0..<3000 {
                if task < 2 {
                    for _ in 0..<3 { sink.raise("noise.\(task)") }
                    if step % 20 > 0 { sink.retract("noise.\(task)") } else { sink.clear(matching: "noise.*") }
                } else {
                    let isSeen = step % 2 == 0 ? sink.contains("stop") : sink.contains(.matching("st*"))
                    if !isSeen { missed.add(1, ordering: .relaxed) }
                }
            }
        }
        #expect(missed.load(ordering: .relaxed) == 0)
        sink.clear(matching: "noise.*")
        sink.clear(matching: "sink.*")
        #expect(sink.signals().map(\.signal) == ["stop", "sink.cleared.pattern"])
    }

    @Test func whatManyTasksRaiseIsAllThere() async {
        let sink = SignalSink(maxCapacity: 100_000)
        await concurrently { task in
            for step in 0..<5000 { sink.raise("task.\(task)", key: "\(step)") }
        }
        #expect(sink.count == 40_000)
        for task in 0..<Self.tasks {
            #expect(sink.count(.name("task.\(task)")) == 5000)
            #expect(sink.signals(.name("task.\(task)")).map(\.key) == (0..<5000).map { "\($0)" })
        }
    }
}
