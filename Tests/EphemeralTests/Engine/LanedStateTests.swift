import EphemeralTesting
import EphemeralTime
import Testing

@testable import Ephemeral

/// The guarded state over a queue with lanes: who is let in, who is turned away, and what counts as startable.
@Suite(.timeLimit(.minutes(1)))
struct LanedStateTests {
    private typealias State = WorkState<LanedQueue<Int>>

    let stage = Stage()
    private let now = Timestamp(nanoseconds: 1_000_000)

    private func state(_ lanes: [Lane], capacity: Int = 1, limit: Int = 4) -> State {
        WorkState(
            core: CoordinatorCore(
                limit: limit,
                queueCapacity: capacity,
                window: OperationWindow(capacity: 10, lifetime: nil, reportsEvictions: false),
                gate: StartGate(allowance: nil)
            ),
            queue: LanedQueue(lanes: LaneTable(lanes))
        )
    }

    private func entry(_ item: Int, _ lane: Int) -> QueueEntry<Int, Int> {
        QueueEntry(item: item, route: lane, ticket: Ticket(id: .next(), enqueuedAt: now))
    }

    private func answer(_ state: inout State, _ item: Int, lane: Int, mayWait: Bool = false) -> String {
        switch state.reconsider(entry(item, lane), ignoringCapacity: false, mayWait: mayWait, now: now) {
        case .accepted: "accepted"
        case .waits, .waitsShortly: "waits"
        case .full: "full"
        case .refused(let error): error is RouteRefusal ? "refused" : "closed"
        }
    }

    private func cancel(_ lane: Int, in state: inout State) {
        let match = StartGate.Reading.Match(signal: "stop", time: now)
        state.queue.lanes.change(lane) { $0.update(cancellation: StartGate.Reading(version: 1, newest: match)) }
    }

    @Test func aCallerIsLetInWhenItsOwnLaneHasRoom() async throws {
        var state = state([Lane(name: "a"), Lane(name: "b")])
        #expect(answer(&state, 1, lane: 0) == "accepted")
        #expect(answer(&state, 2, lane: 1) == "accepted")
        try await withCheckedThrowingContinuation { continuation in
            let producer = State.WaitingProducer(waiter: 7, entry: entry(3, 1), continuation: continuation)
            if case .waits = state.wait(producer, now: now) {} else { Issue.record("does not wait") }
            var effects: Effects?
            #expect(state.queue.dropNext(now: now)?.item == 1)
            state.admitProducers(now: now, isPressed: true, &effects)
            #expect(effects == nil, "there is room in another lane only")
            #expect(answer(&state, 4, lane: 0) == "accepted", "who waits for one lane keeps nobody out of another")
            #expect(state.queue.dropNext(now: now)?.item == 4)
            #expect(state.queue.dropNext(now: now)?.item == 2)
            state.admitProducers(now: now, isPressed: true, &effects)
            #expect(effects?.list.admitted.count == 1)
            continuation.resume()
        }
        #expect(state.queue.dropNext(now: now)?.item == 3)
        #expect(state.core.waitingProducers == 0 && state.producers.isEmpty)
    }

    @Test func aCallerThatWaitsIsTurnedAwayWhenItsLaneIsCancelled() async throws {
        var state = state([Lane(name: "a")])
        #expect(answer(&state, 1, lane: 0) == "accepted")
        try await withCheckedThrowingContinuation { continuation in
            let producer = State.WaitingProducer(waiter: 7, entry: entry(2, 0), continuation: continuation)
            _ = state.wait(producer, now: now)
            cancel(0, in: &state)
            var effects: Effects?
            #expect(state.dropSkipped(now: now, &effects) == [1])
            state.admitProducers(now: now, isPressed: false, &effects)
            #expect(effects?.list.turnedAway.count == 1 && effects?.list.admitted.isEmpty == true)
            continuation.resume()
        }
        #expect(answer(&state, 3, lane: 0, mayWait: true) == "refused")
        #expect(state.core.stats.enqueued == 1 && state.core.stats.cancelled == 1)
        #expect(state.core.waitingProducers == 0)
    }

    @Test func aLaneAtItsDepthRefusesAlsoWhoWouldWait() {
        var state = state([Lane(name: "a", depth: 2)], capacity: 10)
        #expect((1...3).map { answer(&state, $0, lane: 0, mayWait: true) } == ["accepted", "accepted", "refused"])
        state.core.lifecycle = .finished
        #expect(answer(&state, 4, lane: 0) == "closed")
    }

    @Test func whatMayNotStartNeedsNoWorkerUntilAPlaceOfItsLaneIsFree() throws {
        var state = state([Lane(name: "a", limit: 1), Lane(name: "b")], capacity: 10)
        for item in 1...2 { #expect(answer(&state, item, lane: 0) == "accepted") }
        let started = state.queue.takeNext(now: now)
        let claim = try #require(started).claim
        state.core.pending -= 1
        state.noteBlocked(now: now)
        #expect(state.core.isBlocked && !state.core.hasHead)
        #expect(answer(&state, 3, lane: 1) == "accepted")
        state.noteBlocked(now: now)
        #expect(!state.core.isBlocked && state.core.hasHead)
        #expect(state.queue.dropNext(now: now)?.item == 3)
        state.core.pending -= 1
        state.queue.release(claim)
        state.noteBlocked(now: now)
        #expect(state.core.hasHead)
    }

    @Test func callersOfOneLaneAreLetInInTheirOrder() throws {
        var options = stage.options()
        options.queueCapacity = 1
        let coordinator = try PriorityWorkCoordinator<Int>(
            lanes: [PriorityLane("urgent"), PriorityLane("bulk")],
            options: options
        ) { [starts = stage.starts, gate = stage.gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
        let lanes = ["bulk", "bulk", "bulk", "urgent", "urgent", "bulk"]
        let calls = lanes.enumerated().map { index, lane in
            stage.call { try await coordinator.enqueue(index + 1, lane: lane) }
        }
        #expect(calls.map(\.isSuspended) == [false, false, true, false, true, true])
        stage.release()
        #expect(calls.map(\.isSuspended) == [false, false, true, false, false, true])
        stage.open()
        #expect(stage.starts.elements == [1, 4, 5, 2, 3, 6])
        #expect(calls.allSatisfy { $0.hasSucceeded })
    }
}
