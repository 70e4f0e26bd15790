import HarnessKit
import HarnessReports
import Testing

@Suite(.timeLimit(.minutes(1))) struct GoldenTests {
    @Test(arguments: Fixture.all) func everyFormatWritesTheExpectedText(_ fixture: Fixture) throws {
        for format in ReportFormats.all {
            for file in format.render(fixture.result) {
                try Golden.expect(file.text, equals: "\(fixture.name).\(file.name)")
            }
        }
    }

    @Test func colouredConsoleIsTheExpectedText() throws {
        try Golden.expect(
            ConsoleReport.render(Fixture.failing.result, colour: true),
            equals: "failing.console-colour.txt"
        )
    }

    @Test func suiteSummaryIsTheExpectedText() throws {
        let entries = Fixture.all.map { SuiteSummary.Entry(result: $0.result, folder: "runs/\($0.name) (1)") }
        try Golden.expect(SuiteSummary.console(entries), equals: "summary.txt")
        try Golden.expect(SuiteSummary.markdown(entries).text, equals: "summary.md")
    }
}
