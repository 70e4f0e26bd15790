import HarnessCommand
import HarnessTargets

await HarnessCommand.main(targets: BuiltInTargets.all)
