public import HarnessKit

extension BuiltInTargets {
    /// The invariants that only these targets promise; an executable gives them to `HarnessCommand.main`.
    public static let invariants: [any Invariant.Type] = [
        AcknowledgedImpliesExecuted.self, AtLeastOnce.self, CrashLosesNothing.self, FailedImpliesBackedUp.self,
    ]
}
