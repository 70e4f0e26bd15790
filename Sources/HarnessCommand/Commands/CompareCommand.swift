internal import ArgumentParser
internal import HarnessKit
internal import HarnessReports

/// `harness compare`: sets the results of runs side by side.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Sets results side by side: medians with intervals, ratios, and what they mean.",
        discussion: """
            Several results are compared with the first, target by target; the targets of a single one with its first. \
            Results of different plans are refused: their figures say nothing about each other. To judge two builds, use \
            'harness gate', which runs both in turns.

            Exit codes: 0 compared; 1 cannot be compared.
            """
    )

    @Argument(help: "Run folders, folders of a scenario's runs (the latest counts), or result.json files.")
    var results: [String]

    @Option(
        help: ArgumentHelp(
            "The keys that rows are told apart by, separated by commas.",
            discussion:
                "target, use, clock, phase, seed, result, scenario, revision, options.<name>, environment.<name>, "
                + "or a path into the scenario, as load.phases.main.rate.",
            valueName: "keys"
        )
    )
    var rows: String?

    @Option(help: ArgumentHelp("The key that columns are told apart by.", valueName: "key"))
    var columns: String?

    @Option(help: ArgumentHelp("The metrics that are compared, separated by commas.", valueName: "names"))
    var metrics: String?

    @Option(
        help: ArgumentHelp("The share by which a figure must differ to be called better or worse.", valueName: "share")
    )
    var margin = "0%"

    @Flag(help: "Print the comparison as JSON.")
    var json = false

    func run() async throws {
        let context = CommandContext.require()
        do {
            let comparison = try ResultComparison(try results.map(ResultReading.read), settings: try settings())
            if json {
                context.terminal.print(try JSONLine.pretty(comparison))
            } else {
                context.terminal.write(ComparisonReport.console(comparison))
            }
        } catch let error as ComparisonError {
            context.terminal.error("error: \(error)")
            throw HarnessExit.usage
        }
    }

    private func settings() throws -> ResultComparison.Settings {
        var settings = ResultComparison.Settings()
        settings.rows = words(rows)
        settings.column = columns
        settings.metrics = words(metrics)
        for name in settings.metrics where MetricCatalogue.metric(named: name) == nil {
            throw ValidationError("There is no metric '\(name)'; 'harness list metrics' shows all.")
        }
        do throws(Measure.Mistake) {
            settings.margin = try Measure.share.read(margin)
        } catch {
            throw ValidationError("--margin: \(error.message)")
        }
        return settings
    }

    private func words(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    }
}
