internal import ArgumentParser
internal import Foundation
internal import HarnessKit
internal import HarnessReports

/// `harness baseline`: keeps figures that later runs are held against.
struct BaselineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Keeps the figures of runs, for later runs on the same machine.",
        discussion:
            "'harness run --baseline <dir>' holds runs against them: what must be equal in virtual time blocks.",
        subcommands: [Save.self, List.self, Accept.self]
    )
}

extension BaselineCommand {
    /// Where baselines are.
    struct Place: ParsableArguments {
        @Option(help: ArgumentHelp("The folder of baselines.", valueName: "dir"))
        var dir = BaselineStore.standardFolder

        var store: BaselineStore { BaselineStore(folder: dir) }
    }

    /// `harness baseline save`.
    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keeps the figures of runs; those that are there already stay as they are."
        )

        @Argument(help: "Run folders or result.json files.")
        var results: [String]

        @OptionGroup var place: Place

        func run() async throws {
            try BaselineCommand.keep(results, in: place.store) { path, _ in
                guard FileManager.default.fileExists(atPath: path) else { return [] }
                throw BaselineError("\(path) exists already; take new figures over with 'harness baseline accept'")
            }
        }
    }

    /// `harness baseline accept`.
    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes the figures of runs over, and says which of those that must be equal have changed."
        )

        @Argument(help: "Run folders or result.json files.")
        var results: [String]

        @OptionGroup var place: Place

        func run() async throws {
            let store = place.store
            try BaselineCommand.keep(results, in: store) { path, result in
                guard FileManager.default.fileExists(atPath: path) else { return [] }
                // A file that cannot be used is what accepting mends.
                guard let former = try? store.read(path) else { return ["the former file could not be used"] }
                let rules = RegressionRules.standard
                guard let rows = try? former.rows(for: result, rules: rules) else { return ["the load is another one"] }
                return rows.filter { $0.tier == .exact && $0.verdict != .same && $0.verdict != .unmeasured }
                    .map { BaselineReport.line($0) }
            }
        }
    }

    /// `harness baseline list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the baselines of a folder.")

        @OptionGroup var place: Place

        func run() async throws {
            let context = CommandContext.require()
            let store = place.store
            var rows: [[String]] = []
            var isWhole = true
            for file in store.files {
                do throws(BaselineError) {
                    let baseline = try store.read(file)
                    let environment = baseline.environment
                    rows.append([
                        baseline.scenario, "\(baseline.entries.count)", environment.startedAt,
                        environment.revision ?? "unknown", environment.fingerprint,
                    ])
                } catch {
                    context.terminal.error("error: \(error)")
                    isWhole = false
                }
            }
            if rows.isEmpty, isWhole { context.terminal.print("\(store.folder) holds no baselines.") }
            let header = ["scenario", "targets", "made", "revision", "machine and build"]
            if !rows.isEmpty { context.terminal.print(TextTable(header: header, rows: rows).text) }
            if !isWhole { throw HarnessExit.usage }
        }
    }

    /// Reads results and keeps the figures of each.
    ///
    /// - Parameters:
    ///   - paths: What the user named.
    ///   - store: Where baselines are.
    ///   - remarks: What there is to say before a file is written; throws where it must not be.
    /// - Throws: ``HarnessExit/usage`` after the reason has been printed.
    private static func keep(
        _ paths: [String],
        in store: BaselineStore,
        remarks: (_ path: String, _ result: RunResult) throws -> [String]
    ) throws {
        let context = CommandContext.require()
        do {
            for path in paths {
                let result = try ResultReading.read(path).result
                let baseline = try Baseline(result)
                let lines = try remarks(store.path(of: baseline), result)
                try store.write(baseline)
                context.terminal.print("\(store.path(of: baseline)): \(baseline.scenario)")
                for line in lines { context.terminal.print("  \(line)") }
            }
        } catch {
            context.terminal.error("error: \(error)")
            throw HarnessExit.usage
        }
    }
}
