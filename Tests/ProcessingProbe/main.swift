import HarnessCommand
import Processing
import ProcessingRedis
import ProcessingSQLite

var processors = ProcessorRegistry()
try processors.register("probe") { (probe: Probe, context) in try await probe.run(context) }
if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "critical" {
    // The path of the store, and that of the log: an operation that takes a minute.
    let store = try SQLiteProcessingStore(path: CommandLine.arguments[2])
    var options = ProcessingOptions()
    options.emergencyLease = .seconds(1)
    let manager = try ProcessingManager(store: store, processors: processors, options: options)
    let probe = Probe(log: CommandLine.arguments[3], number: 1, first: 60_000)
    try await manager.processCritical(probe, processor: "probe")
} else {
    await HarnessCommand.main(targets: [], stores: [.sqlite, .redis], processors: processors)
}
