import HarnessCommand
import LeakyBucket

await HarnessCommand.main(
    targets: LeakyBucketPlugins.targets,
    invariants: LeakyBucketPlugins.invariants,
    faults: LeakyBucketPlugins.faults
)
