import HarnessKit
import HarnessReports
import Testing

@Suite(.timeLimit(.minutes(1))) struct RendererTests {
    @Test func formatsHaveTheFixedNamesAndOrder() {
        #expect(ReportFormats.all.map { $0.id } == ["console", "markdown", "csv", "json", "junit"])
        #expect(ReportFormats.format("csv")?.id == "csv")
        #expect(ReportFormats.format("CSV") == nil)
    }

    @Test func noTwoFormatsWriteTheSameFile() {
        let names = ReportFormats.all.flatMap { $0.render(Fixture.passing.result) }.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: Fixture.all) func resultReadBackGivesTheSameReports(_ fixture: Fixture) throws {
        let written = try #require(JSONReport.render(fixture.result).first)
        let restored = try JSONReport.read(written.text)
        for format in ReportFormats.all {
            #expect(format.render(restored) == format.render(fixture.result), "\(format.id)")
        }
    }

    @Test func resultReadBackIsTheSameValue() throws {
        let result = Fixture.interrupted.result
        var sorted = result
        for index in sorted.runs.indices {
            sorted.runs[index].total.metrics.sort { $0.name < $1.name }
            sorted.runs[index].phases[0].metrics.metrics.sort { $0.name < $1.name }
        }
        for index in sorted.targets.indices { sorted.targets[index].total.metrics.sort { $0.name < $1.name } }
        #expect(try JSONReport.read(try #require(JSONReport.render(result).first).text) == sorted)
    }

    @Test(arguments: ["", "{}", "[1]", "{\"format\": 1}"]) func textThatIsNoResultIsRefused(_ text: String) {
        #expect(throws: (any Error).self) { try JSONReport.read(text) }
    }

    @Test(arguments: Fixture.all) func consoleLinesFitTheTerminal(_ fixture: Fixture) {
        let lines = ConsoleReport.render(fixture.result, colour: false).split(separator: "\n")
        #expect(lines.filter { $0.count > 100 } == [])
    }

    @Test(arguments: Fixture.all) func consoleTextWithoutColourHasNoControlCharacters(_ fixture: Fixture) {
        let scalars = ConsoleReport.render(fixture.result, colour: false).unicodeScalars
        #expect(!scalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    }

    @Test(arguments: Fixture.all) func colourChangesNothingButColour(_ fixture: Fixture) {
        let coloured = ConsoleReport.render(fixture.result, colour: true)
        #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == ConsoleReport.render(fixture.result, colour: false))
    }

    @Test func reportOfAHugeResultFitsIntoAComment() throws {
        var result = Fixture.failing.result
        let text = String(repeating: "<&|`", count: 200)
        for index in 0..<300 {
            var run = result.runs[index % 2]
            run.target = "target-\(index)-\(text)"
            run.invariants[0].verdict = .fail
            run.invariants[0].detail = text
            result.runs.append(run)
        }
        result.notes = Array(repeating: text, count: 300)

        let report = try #require(MarkdownReport.render(result).first).text

        #expect(report.utf16.count <= 65_000)
        #expect(report.hasPrefix("**FAIL: "))
        #expect(report.contains("Left out for length: "))
    }

    @Test(arguments: [(Verdict.pass, "PASS"), (.fail, "FAIL"), (.invalid, "INVALID"), (.inconclusive, "INCONCLUSIVE")])
    func everyReportBeginsWithTheVerdict(_ verdict: Verdict, word: String) throws {
        let result = Fixture.plain(verdict, runs: [Fixture.plainRun("work")])
        #expect(try #require(MarkdownReport.render(result).first).text.hasPrefix("**\(word): "))
        #expect(ConsoleReport.render(result, colour: false).contains("\n\(word): "))
    }

    @Test func violatedInvariantIsNamedBeforeAMissedExpectation() {
        let console = ConsoleReport.render(Fixture.failing.result, colour: false)
        #expect(console.contains("FAIL: 'concurrency-bound' violated on 'group'"))
    }

    @Test func missedExpectationIsTheReasonWhenAllInvariantsHold() {
        var result = Fixture.passing.result
        result.verdict = .fail
        result.expectations[0].verdict = .fail
        result.expectations[0].measured?.value = 0.05
        #expect(
            ConsoleReport.render(result, colour: false)
                .contains("FAIL: 'response.p99 < 40ms' missed on 'work' in phase 'hold': measured 50.0 ms")
        )
    }
}
