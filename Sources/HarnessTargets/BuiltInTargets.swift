public import HarnessKit

/// The target plugins of this package.
public enum BuiltInTargets {
    /// All of them, in the order of documentation.
    public static let all: [any Target.Type] =
        [
            WorkCoordinatorTarget.self, KeyedCoordinatorTarget.self, ResultCoordinatorTarget.self,
            PriorityCoordinatorTarget.self, KeyedPriorityCoordinatorTarget.self, ForEachTarget.self,
            KeyedForEachTarget.self, SinkTarget.self, DispatcherTarget.self, AsyncProcessorTarget.self,
        ] + AtomTargets.all + patterns + [PipelineTarget.self, QueueTarget.self, CriticalTarget.self]
        + PeerTargets.all

    /// Those of the patterns, in the order of documentation.
    static let patterns: [any Target.Type] = [
        CircuitBreakerTarget.self, BackpressureTarget.self, ControlledFanOutTarget.self, AdaptiveRateTarget.self,
        DynamicConcurrencyTarget.self, KeyedPriorityFanOutTarget.self, ReactiveFanOutTarget.self,
        AnomalyDetectorTarget.self, CoordinatedReadsTarget.self, SignalingHTTPTarget.self, LogWatcherTarget.self,
        TelemetryTarget.self, LongWindowTarget.self, ReactionShowcaseTarget.self,
    ]
}
