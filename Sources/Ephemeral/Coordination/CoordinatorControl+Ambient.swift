package import EphemeralTime

extension CoordinatorControl {
    /// Makes the rules of the options look at a second sink too, which no signal of an operation is mirrored in.
    ///
    /// - Parameter ambient: The sink; signals that it holds already count.
    package func heed(_ ambient: SignalSink) { engine.attachRules(to: ambient, as: .ambient) }

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
