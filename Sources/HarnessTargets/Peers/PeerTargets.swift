public import HarnessKit

/// Bounded execution as it is written without the library, for comparison.
public enum PeerTargets {
    /// Every peer, in the order of documentation.
    public static let all: [any Target.Type] = [
        TaskGroupPeer.self,
        AsyncStreamPeer.self,
        AsyncChannelPeer.self,
        OperationQueuePeer.self,
        DispatchQueuePeer.self,
        KeyedStreamsPeer.self,
        TaskPerOperationPeer.self,
    ]
}
