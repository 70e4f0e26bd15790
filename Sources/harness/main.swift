import HarnessCommand
import HarnessTargets
import ProcessingSQLite

await HarnessCommand.main(targets: BuiltInTargets.all, stores: [.sqlite])
