internal import ArgumentParser
internal import EphemeralTime
internal import HarnessKit
internal import Processing

/// `harness jobs status`: how a store and its queues are.
struct JobsStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how a store is, and where the jobs of its queues are.",
        discussion: "The exit code is 5 when the store has a problem."
    )

    @OptionGroup var arguments: StoreArguments

    func run() async throws {
        try await arguments.withManager { manager, context in
            let health = await manager.healthCheck()
            let queues = health.isHealthy ? try await manager.queueStatus() : []
            if arguments.json {
                context.terminal.print(Self.json(health, queues).prettyText)
            } else {
                context.terminal.print(Self.text(health, queues))
            }
            return health.isHealthy ? .pass : .invalid
        }
    }

    private static func json(_ health: ProcessingHealth, _ queues: [QueueStatus]) -> JSONValue {
        [
            "healthy": .bool(health.isHealthy),
            "problems": JSONValue(health.problems),
            "warnings": JSONValue(health.warnings),
            "emergencies": JSONValue(health.emergencies?.total ?? 0),
            "queues": .array(queues.map { JSONValue($0) }),
        ]
    }

    private static func text(_ health: ProcessingHealth, _ queues: [QueueStatus]) -> String {
        var lines = health.problems.map { "problem: \($0)" } + health.warnings.map { "warning: \($0)" }
        if lines.isEmpty { lines = ["healthy"] }
        let emergencies = health.emergencies?.total ?? 0
        if emergencies > 0 {
            lines.append("\(emergencies) critical operations are not done: see 'harness jobs emergencies'")
        }
        guard !queues.isEmpty else { return lines.joined(separator: "\n") }
        let rows = queues.map { status in
            [status.queue] + JobPriority.allCases.map { "\(status.waiting[$0] ?? 0)" }
                + [status.running, status.delayed, status.dead, status.done, status.workers.count].map { "\($0)" }
        }
        let header = ["queue", "high", "normal", "low", "running", "delayed", "dead", "done", "workers"]
        return (lines + ["", TextTable(header: header, rows: rows).text]).joined(separator: "\n")
    }
}

/// `harness jobs emergencies`: critical operations that are not done.
struct JobsEmergenciesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emergencies",
        abstract: "Lists critical operations that are not done, oldest first."
    )

    @OptionGroup var arguments: StoreArguments

    @Option(help: "How many to list at most.")
    var limit = 100

    func run() async throws {
        try await arguments.withManager { manager, context in
            let emergencies = try await manager.pendingEmergencies(limit: limit)
            let rows = emergencies.map { emergency in
                [
                    emergency.id.rawValue, emergency.status.rawValue, "\(emergency.attempts)",
                    emergency.operation ?? "-",
                    "\(emergency.createdAt)", emergency.expiresAt?.description ?? "never", (emergency.error ?? "").cell,
                ]
            }
            arguments.list(
                emergencies.map { JSONValue($0) },
                empty: "no critical operation is open",
                header: ["id", "status", "attempts", "operation", "created", "expires", "error"],
                rows: rows,
                on: context.terminal
            )
            return .pass
        }
    }
}
