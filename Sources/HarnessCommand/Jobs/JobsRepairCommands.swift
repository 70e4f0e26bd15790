internal import ArgumentParser
internal import HarnessKit
internal import Processing

/// `harness jobs retry`: trying critical operations again.
struct JobsRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Tries critical operations again, with the processors of this executable.",
        discussion: """
            However many try at once, each operation is run by one of them. The exit code is 5 unless every operation named \
            is done.
            """
    )

    @OptionGroup var arguments: StoreArguments

    @Argument(help: "Identities, as 'harness jobs emergencies' shows them.")
    var ids: [String]

    func run() async throws {
        try await arguments.withManager { manager, context in
            var results: [(id: String, outcome: String, detail: String?)] = []
            for id in ids {
                let (outcome, detail) = Self.words(for: try await manager.retryEmergency(EmergencyID(rawValue: id)))
                results.append((id, outcome, detail))
            }
            if arguments.json {
                let values = results.map { result -> JSONValue in
                    ["id": .string(result.id), "outcome": .string(result.outcome), "error": JSONValue(result.detail)]
                }
                context.terminal.print(JSONValue.array(values).prettyText)
            } else {
                context.terminal.print(
                    TextTable(rows: results.map { [$0.id, $0.outcome, ($0.detail ?? "").cell] }).text
                )
            }
            return results.allSatisfy { ["resolved", "already resolved"].contains($0.outcome) } ? .pass : .invalid
        }
    }

    private static func words(for retry: EmergencyRetry) -> (String, String?) {
        switch retry {
        case .resolved: ("resolved", nil)
        case .failed(let error): ("failed", "\(error)")
        case .alreadyRetrying: ("already retrying", nil)
        case .alreadyResolved: ("already resolved", nil)
        case .notFound: ("not found", nil)
        case .notReplayable(let error): ("not replayable", "\(error)")
        }
    }
}

/// `harness jobs dead`: the dead letters of a queue.
struct JobsDeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "Lists the dead letters of a queue, oldest first."
    )

    @OptionGroup var arguments: StoreArguments

    @Option(help: "The queue.")
    var queue = "default"

    @Option(help: ArgumentHelp("Go on after this dead letter.", valueName: "id"))
    var after: String?

    @Option(help: "How many to list at most.")
    var limit = 100

    func run() async throws {
        try await arguments.withManager { manager, context in
            let last = after.map { JobID(rawValue: $0) }
            let letters = try await manager.deadLetters(in: queue, after: last, limit: limit)
            let rows = letters.map { letter in
                [
                    letter.job.id.rawValue, letter.reason.rawValue, "\(letter.job.attempts)", letter.job.operation,
                    "\(letter.diedAt)", letter.error.cell,
                ]
            }
            arguments.list(
                letters.map { JSONValue($0) },
                empty: "queue '\(queue)' has no dead letters",
                header: ["id", "reason", "attempts", "operation", "died", "error"],
                rows: rows,
                on: context.terminal
            )
            return .pass
        }
    }
}
