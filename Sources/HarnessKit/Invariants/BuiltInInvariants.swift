/// The invariants that every harness knows.
public enum BuiltInInvariants {
    /// All of them, in the order of documentation.
    public static let all: [any Invariant.Type] = [
        ConservationInvariant.self,
        ConcurrencyBoundInvariant.self,
        ConcurrencyBoundPerKeyInvariant.self,
        DepthBoundInvariant.self,
        FIFOPerKeyInvariant.self,
        StartsInOrderInvariant.self,
        FIFOPerLaneInvariant.self,
        LanePriorityInvariant.self,
        ResultExactlyOnceInvariant.self,
        AccountingIdentityInvariant.self,
        WindowBoundInvariant.self,
        SignalDeliveryInvariant.self,
        NoStartWhileDeferredInvariant.self,
        AttemptsAtMostInvariant.self,
        NeverRetriedInvariant.self,
        BackoffWithinInvariant.self,
        NoSlotWhileBackingOffInvariant.self,
        BatchBoundsInvariant.self,
        OneFlushAtATimeInvariant.self,
        FailoverOnlyWhenUnhealthyInvariant.self,
        NoTaskLeakInvariant.self,
        NoStartWhileOpenInvariant.self,
        RefusedOnlyWhileOpenInvariant.self,
        SignalsPairedInvariant.self,
        SignalSequenceInvariant.self,
        NoStartBeforeLimitEndsInvariant.self,
        LimitFollowsSignalsInvariant.self,
        ReliefInTimeInvariant.self,
        NoReadDuringUpdateInvariant.self,
        AnomalyAsCountedInvariant.self,
        WindowFilledInvariant.self,
        FurtherCallsInvariant.self,
    ]
}

/// The options of an invariant that has none.
struct NoInvariantOptions: Codable, Sendable, Equatable {}
