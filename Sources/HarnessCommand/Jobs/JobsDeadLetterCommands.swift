internal import ArgumentParser
internal import HarnessKit
internal import Processing

/// Which dead letters of which queue a command is about.
struct DeadLetterArguments: ParsableArguments {
    @Option(help: "The queue.")
    var queue = "default"

    @Flag(help: "All dead letters of the queue.")
    var all = false

    @Option(help: ArgumentHelp("Those of one processor.", valueName: "name"))
    var operation: String?

    @Argument(help: "Identities, as 'harness jobs dead' shows them.")
    var ids: [String] = []

    func validate() throws {
        guard [all, operation != nil, !ids.isEmpty].filter(\.self).count == 1 else {
            throw ValidationError("give identities, or --operation <name>, or --all")
        }
    }

    private var selection: DeadLetterSelection {
        all ? .all : operation.map { .operation($0) } ?? .jobs(ids.map { JobID(rawValue: $0) })
    }

    /// Does something with the dead letters, and tells which jobs it was.
    ///
    /// - Parameters:
    ///   - done: What is done, in one word.
    ///   - store: The store.
    ///   - work: Does it, and returns the jobs.
    /// - Throws: `HarnessExit` unless all that was named was there.
    func apply(
        _ done: String,
        in store: StoreArguments,
        _ work: (ProcessingManager, DeadLetterSelection) async throws -> [JobID]
    ) async throws {
        try await store.withManager { manager, context in
            let jobs = try await work(manager, selection)
            if store.json {
                context.terminal.print(JSONValue(jobs.map(\.rawValue)).prettyText)
            } else {
                context.terminal.print("\(done) \(jobs.count) of queue '\(queue)'")
            }
            let missing = Set(ids).subtracting(jobs.map(\.rawValue))
            for id in missing.sorted() {
                context.terminal.error("error: there is no dead letter '\(id)' in queue '\(queue)'")
            }
            return missing.isEmpty ? .pass : .invalid
        }
    }
}

/// `harness jobs requeue`: dead letters that are to be tried again.
struct JobsRequeueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requeue",
        abstract: "Lets dead letters of a queue wait again, with no attempt counted."
    )

    @OptionGroup var arguments: StoreArguments
    @OptionGroup var letters: DeadLetterArguments

    func run() async throws {
        try await letters.apply("requeued", in: arguments) { manager, selection in
            try await manager.requeueDeadLetters(selection, in: letters.queue)
        }
    }
}

/// `harness jobs discard`: dead letters that nobody wants any more.
struct JobsDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Removes dead letters of a queue for good."
    )

    @OptionGroup var arguments: StoreArguments
    @OptionGroup var letters: DeadLetterArguments

    func run() async throws {
        try await letters.apply("discarded", in: arguments) { manager, selection in
            try await manager.discardDeadLetters(selection, in: letters.queue)
        }
    }
}
