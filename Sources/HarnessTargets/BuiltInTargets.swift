public import HarnessKit

/// The target plugins of this package.
public enum BuiltInTargets {
    /// All of them, in the order of documentation.
    public static let all: [any Target.Type] =
        [
            WorkCoordinatorTarget.self, KeyedCoordinatorTarget.self, ResultCoordinatorTarget.self,
            PriorityCoordinatorTarget.self, KeyedPriorityCoordinatorTarget.self, ForEachTarget.self,
            KeyedForEachTarget.self, SinkTarget.self, DispatcherTarget.self, AsyncProcessorTarget.self,
        ] + AtomTargets.all + [PipelineTarget.self, QueueTarget.self, CriticalTarget.self] + PeerTargets.all
}
