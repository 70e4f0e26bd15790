import Foundation
import FoundationXML
import HarnessKit
import Testing

@testable import HarnessReports

@Suite(.timeLimit(.minutes(1)))
struct GateReportsTests {
    static func row(_ verdict: RegressionRow.Verdict, target: String = "work") -> RegressionRow {
        var row = RegressionRow(
            scenario: "s <&>",
            target: target,
            tier: .statistical,
            quantity: "cpu.perOperation",
            verdict: verdict
        )
        row.base = Metric(value: 1e-6, unit: .seconds, n: 30)
        row.head = Metric(value: 1.061e-6, unit: .seconds, n: 30)
        row.ratio = 1.061
        row.interval = ConfidenceInterval(low: 1.044, high: 1.079)
        row.margin = 0.03
        row.pairs = 30
        row.processes = 3
        return row
    }

    static func report(_ rows: [RegressionRow]) -> GateReport {
        let side = GateReport.Side(executable: "/base", build: "release")
        return GateReport(
            base: side,
            head: side,
            rows: rows,
            environment: Fixture.passing.result.environment,
            notes: ["a note"]
        )
    }

    @Test func theFirstLineSaysWhatGotWorseAndByHowMuch() {
        let report = Self.report([Self.row(.same, target: "keyed"), Self.row(.regressed)])
        let line = "REGRESSED: cpu.perOperation +6.1 % [4.4, 7.9] on 'work' of 's <&>'"
        #expect(GateReports.console(report).hasPrefix(line + "\n"))
        #expect(GateReports.markdown(report).hasPrefix("**REGRESSED: cpu.perOperation +6.1 %"))
    }

    @Test func aCommentWithVeryManyRowsIsNotTooLong() {
        let rows = (0..<3000).map { Self.row($0.isMultiple(of: 3) ? .regressed : .same, target: "target-\($0)") }
        let text = GateReports.markdown(Self.report(rows))
        #expect(text.utf16.count < 65_000)
        #expect(text.contains("further rows"))
    }

    @Test func theTestReportIsXMLWithOneCaseForEachRow() throws {
        let rows = [
            Self.row(.regressed), Self.row(.same, target: "a\u{1}\"<b>"), Self.row(.inconclusive, target: "c"),
        ]
        let reader = try JUnitReader(GateReports.junit(Self.report(rows)))
        #expect(reader.count("testcase") == 3)
        #expect(reader.count("failure") == 1)
        #expect(reader.count("skipped") == 1)
        #expect(reader.attributes["testsuites"]?["failures"] == "1")
    }

    // U+0000 to U+001F but for tab and line feeds, U+FFFE and U+FFFF are no characters of XML 1.0.
    @Test func namesThatXMLCannotHoldLeaveTheTestReportWellFormed() throws {
        let controls = String((0...0x1F).map { Character(Unicode.Scalar($0)) })
        let odd = "<&\"'>]]>\(controls)\u{7F}\u{85}\u{FFFE}\u{FFFF}\u{1F600}"
        var row = Self.row(.regressed, target: odd)
        row.scenario = odd
        row.quantity = odd
        row.detail = odd
        var open = row
        open.verdict = .inconclusive
        let reader = try JUnitReader(GateReports.junit(Self.report([row, open])))
        #expect(reader.count("testcase") == 2)
        #expect(reader.attributes["failure"]?["message"]?.contains("<&\"'>]]>") == true)
        #expect(reader.attributes["testsuite"]?["name"]?.hasSuffix("\u{1F600}") == true)
    }

    @Test func aFixedReportOfARunIsXML() throws {
        let file = try #require(JUnitReport.render(Fixture.failing.result).first)
        #expect(file.name == "junit.xml")
        let reader = try JUnitReader(file.text)
        #expect(reader.count("testcase") > 2)
        #expect(reader.count("failure") > 0)
    }

    @Test func theJSONHoldsTheWholeReport() throws {
        let report = Self.report([Self.row(.regressed)])
        let read = try JSONDecoder().decode(GateReport.self, from: Data(GateReports.json(report).utf8))
        #expect(read == report)
    }
}

/// Counts the elements of an XML document.
private final class JUnitReader: NSObject, XMLParserDelegate {
    private var elements: [String] = []
    private(set) var attributes: [String: [String: String]] = [:]

    init(_ text: String) throws {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        let isWhole = parser.parse()
        try #require(isWhole, "the report is well-formed XML")
    }

    func count(_ name: String) -> Int { elements.count { $0 == name } }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append(name)
        if self.attributes[name] == nil { self.attributes[name] = attributes }
    }
}
