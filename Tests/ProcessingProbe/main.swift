import HarnessCommand
import Processing
import ProcessingSQLite

var processors = ProcessorRegistry()
try processors.register("probe") { (probe: Probe, context) in try await probe.run(context) }
await HarnessCommand.main(targets: [], stores: [.sqlite], processors: processors)
