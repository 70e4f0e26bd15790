internal import ArgumentParser
internal import Foundation
internal import HarnessKit
package import Processing

/// What the commands about jobs work with: the kinds of stores, and the processors of this executable.
package struct JobsSetup: Sendable {
    /// The kinds of stores that can be opened.
    package var stores: StoreCatalogue
    /// What jobs and critical operations are run with.
    package var processors: ProcessorRegistry

    /// Creates a set-up.
    package init(stores: StoreCatalogue, processors: ProcessorRegistry) {
        self.stores = stores
        self.processors = processors
    }

    private init() {
        do {
            self.init(stores: try StoreCatalogue(), processors: ProcessorRegistry())
        } catch {
            preconditionFailure("a catalogue without stores has no two of one name: \(error)")
        }
    }

    /// No stores and no processors.
    package static let none = JobsSetup()
}

/// `harness jobs`: seeing and mending what a processing store holds.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Shows and mends the jobs and critical operations of a processing store.",
        discussion: """
            A store is named by its address: sqlite:/path/to/jobs.db for a file, redis://host:6379/0 for a server, \
            rediss:// for one under TLS. After '?', redis addresses take queuePrefix, emergencyPrefix, emergencyTag and \
            trustRoots, joined by '&'. env:NAME takes the address from an environment variable, which other users of the \
            machine do not see: of use with a password.

            Exit codes: 0 done; 1 usage, or the store cannot be used; 5 something is not as it should be.
            """,
        subcommands: [
            JobsStatusCommand.self, JobsEmergenciesCommand.self, JobsRetryCommand.self, JobsDeadCommand.self,
            JobsRequeueCommand.self, JobsDiscardCommand.self, JobsWorkCommand.self,
        ]
    )
}

/// What all commands about jobs are told.
struct StoreArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address of the store, as sqlite:/path/to/jobs.db or redis://host:6379/0.",
            valueName: "url"
        )
    )
    var store: String

    @Flag(help: "Print one JSON value instead of text.")
    var json = false

    /// Prints a list: one JSON array, or a table, or a sentence when it is empty.
    func list(
        _ values: [JSONValue],
        empty: String,
        header: [String],
        rows: [[String]],
        on terminal: Terminal
    ) {
        if json { return terminal.print(JSONValue.array(values).prettyText) }
        terminal.print(rows.isEmpty ? empty : TextTable(header: header, rows: rows).text)
    }

    /// The address, where it comes from an environment variable too.
    private var address: String {
        get throws {
            guard store.hasPrefix("env:") else { return store }
            let name = String(store.dropFirst(4))
            if let address = ProcessInfo.processInfo.environment[name], !address.isEmpty { return address }
            throw ProcessingError(
                code: .invalidArgument,
                message: "the environment variable '\(name)' is not set; give it the address of the store"
            )
        }
    }

    /// Runs a command's work with a manager on the store, and closes the store afterwards.
    func withManager(_ work: (ProcessingManager, CommandContext) async throws -> HarnessExit) async throws {
        let context = CommandContext.require()
        let exit: HarnessExit
        do {
            let store = try await context.jobs.stores.open(try address)
            do {
                let manager = try ProcessingManager(store: store, processors: context.jobs.processors)
                exit = try await work(manager, context)
            } catch {
                await store.shutdown()
                throw error
            }
            await store.shutdown()
        } catch let error as ProcessingError {
            context.terminal.error("error: \(error)")
            throw HarnessExit.usage
        }
        if exit != .pass { throw exit }
    }
}
