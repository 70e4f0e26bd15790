public import HarnessKit

/// What this package adds to a harness.
public enum LeakyBucketPlugins {
    /// The leaky bucket.
    public static let targets: [any Target.Type] = [LeakyBucketTarget.self]
    /// The spacing of starts.
    public static let invariants: [any Invariant.Type] = [SpacingInvariant.self]
    /// Cold keys.
    public static let faults: [any Fault.Type] = [ColdKeyFault.self]
}
