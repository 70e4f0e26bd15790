package import EphemeralTime
internal import Synchronization

extension CoordinatorControl {
    /// Makes the rules of the options look at a second sink too, which no signal of an operation is mirrored in.
    ///
    /// - Parameter ambient: The sink; signals that it holds already count.
    package func heed(_ ambient: SignalSink) {
        let (base, engine) = (engine.base, engine)
        let rules = base.options.signals
        // Strong until the rules are detached, as for the sink of the options.
        let watches: [SignalSubscription?] = [
            rules.resumeOn.isEmpty
                ? nil
                : ambient.watch(rules.resumeOn) { reading in
                    if let newest = reading.newest { engine.control { $0.gate.resumed(at: newest.time) } }
                },
            rules.deferOn.isEmpty
                ? nil
                : ambient.watch(rules.deferOn) { reading in engine.control { $0.gate.update(ambientDeferral: reading) }
                },
            rules.cancelOn.isEmpty
                ? nil
                : ambient.watch(rules.cancelOn) { reading in
                    engine.control { $0.gate.update(ambientCancellation: reading) }
                },
            base.drainRequests.map { requests in
                ambient.observe(requests.patterns) { if requests.include($0) { engine.finish() } }
            },
        ]
        base.subscriptions.withLock { $0.append(contentsOf: watches.compactMap(\.self)) }
    }

    /// Lets nothing start before an instant, beside pauses and whatever signals say; their allowance does not count
    /// against it.
    ///
    /// - Parameters:
    ///   - instant: When starts are allowed again; one that has passed ends a former hold.
    ///   - order: Orders may arrive in another order than they were given; the one with the highest number holds.
    package func holdStarts(until instant: Timestamp, order: UInt64) {
        engine.control { $0.gate.hold(until: instant, order: order) }
    }

    /// Whether the current task runs a body of the coordinator, or was created by one as its child: it must not wait for
    /// room that only bodies can make.
    package var isInsideABody: Bool { engine.base.isAncestor }
}
