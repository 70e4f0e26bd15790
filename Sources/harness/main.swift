import HarnessCommand
import HarnessTargets
import ProcessingRedis
import ProcessingSQLite

await HarnessCommand.main(
    targets: BuiltInTargets.all,
    invariants: BuiltInTargets.invariants,
    stores: [.sqlite, .redis, .rediss],
    processors: try BuiltInTargets.processors
)
