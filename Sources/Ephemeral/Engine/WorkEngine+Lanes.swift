internal import EphemeralTime
internal import Synchronization

extension WorkEngine where Queue: PrioritizedQueue {
    /// Begins to look at the sink for the rules of lanes.
    @usableFromInline
    func attachRules(of lanes: [PriorityLane], sink: SignalSink?) {
        guard let sink else { return }
        for (index, lane) in lanes.enumerated() {
            watch(sink, lane.deferOn) { [self] reading in changeGate(of: index) { $0.update(deferral: reading) } }
            watch(sink, lane.cancelOn) { [self] reading in changeGate(of: index) { $0.update(cancellation: reading) } }
        }
    }

    private func watch(
        _ sink: SignalSink,
        _ patterns: SignalPatternSet,
        _ apply: @escaping @Sendable (StartGate.Reading) -> Void
    ) {
        guard !patterns.isEmpty else { return }
        let subscription = sink.watch(patterns, handler: apply)
        base.subscriptions.withLock { $0.append(subscription) }
    }

    private func changeGate(of lane: Int, _ change: (inout StartGate) -> Void) {
        changeState { state, _ in state.queue.lanes.change(lane, change) }
    }

    /// How many operations wait in each lane.
    func pendingCounts() -> [(lane: String, count: Int)] {
        withWholeState { state in
            let table = state.queue.lanes
            return zip(table.lanes, table.pending).map { ($0.name, $1) }
        }
    }

    /// Adds an item as soon as there is room, unless its lane turns it away.
    @inlinable
    func enqueueUnlessRefused(_ item: Item, route: Queue.Route) async throws -> Bool {
        do {
            _ = try await enqueue(item, route: route)
            return true
        } catch is RouteRefusal {
            return false
        }
    }
}
