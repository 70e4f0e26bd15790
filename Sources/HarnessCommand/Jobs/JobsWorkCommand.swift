internal import ArgumentParser
internal import HarnessKit
internal import Processing

/// `harness jobs work`: a worker with the processors of this executable.
struct JobsWorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Runs the jobs of a store with the processors of this executable, until it is told to stop.",
        discussion: """
            SIGTERM and SIGINT stop it: nothing more is claimed, running jobs may go on for the grace, what is left is \
            handed back without an attempt being counted. A second signal ends it at once; its jobs come back when their \
            leases have run out.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Option(name: .customLong("queue"), help: "A queue; may be given several times. All known queues by default.")
    var queues: [String] = []

    @Option(help: "How many jobs run at a time.")
    var workers = 3

    @Option(help: ArgumentHelp("How long a lease lasts without a sign of life.", valueName: "seconds"))
    var lease = 30.0

    @Option(help: ArgumentHelp("How long running jobs may go on after the first signal.", valueName: "seconds"))
    var grace = 30.0

    @Option(help: "How many jobs are claimed ahead of the running ones.")
    var prefetch = 0

    @Option(help: ArgumentHelp("The longest pause after a first failed attempt.", valueName: "seconds"))
    var retryBase = 1.0

    @Option(help: ArgumentHelp("The longest pause after any failed attempt.", valueName: "seconds"))
    var retryCap = 60.0

    @Flag(help: "Stop at the end of standard input as well, as when whoever started it is gone.")
    var untilInputEnds = false

    func validate() throws {
        for (option, seconds) in [
            ("lease", lease), ("grace", grace), ("retry-base", retryBase), ("retry-cap", retryCap),
        ] where !(0...1e9).contains(seconds) {
            throw ValidationError("--\(option) is \(seconds); give seconds from 0 to 1000000000")
        }
    }

    func run() async throws {
        try await arguments.withManager { manager, context in
            guard !manager.processors.names.isEmpty else {
                throw ProcessingError(
                    code: .unknownProcessor,
                    message: "this executable has no processors; build one that calls HarnessCommand.main(processors:)"
                )
            }
            var options = WorkerOptions(maxWorkers: workers, queues: queues.isEmpty ? nil : queues)
            options.lease = .seconds(lease)
            options.grace = .seconds(grace)
            options.prefetch = prefetch
            options.retry = RetryPolicy(base: .seconds(retryBase), cap: .seconds(retryCap))
            let worker = try ProcessingWorker(manager, options: options)
            let interruption = Interruption()
            let watcher = InterruptWatcher(interruption)
            defer { watcher.cancel() }
            if untilInputEnds { InputWatcher.whenEnded { worker.requestStop() } }
            context.terminal.error("worker \(worker.id) works with \(manager.processors.names.joined(separator: ", "))")
            let stop = { @Sendable [grace, terminal = context.terminal] in
                worker.requestStop()
                terminal.error("stopping: running jobs may go on for \(grace) s; a second signal ends them at once")
            }
            await interruption.whileHearing(stop, { try? await worker.run() })
            let stats = worker.stats
            let counts = [
                ("claimed", stats.claimed), ("done", stats.done), ("retried", stats.retried), ("buried", stats.buried),
                ("released", stats.released), ("leasesLost", stats.leasesLost),
            ]
            context.terminal.print(
                arguments.json
                    ? JSONValue.object(JSONValue.Object(members: counts.map { ($0.0, JSONValue($0.1)) })).prettyText
                    : counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
            )
            return .pass
        }
    }
}
