import HarnessKit

/// The atoms of the library.
enum AtomTargets {
    /// Every atom, in the order of documentation.
    static let all: [any Target.Type] = [
        FixedWorkTarget.self,
        KeyedSequentialTarget.self,
        SignalAwareTarget.self,
        BatchingTarget.self,
        RetryTarget.self,
        PriorityProcessorTarget.self,
    ]
}
