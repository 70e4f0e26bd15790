import HarnessCommand

// The harness with a target that a defect can be planted into: scripts/prove-gate compares it with itself.
await HarnessCommand.main(targets: [SelftestTarget.self])
