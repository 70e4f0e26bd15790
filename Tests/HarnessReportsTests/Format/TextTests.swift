import HarnessKit
import Testing

@testable import HarnessReports

@Suite(.timeLimit(.minutes(1))) struct TextTests {
    @Test(arguments: [
        ("response.p99.9", "response", "p99.9"), ("response.p99", "response", "p99"), ("throughput", "throughput", ""),
        ("attempts.perOperation.mean", "attempts.perOperation", "mean"), ("success.ratio", "success.ratio", ""),
        ("signals[a.max].count", "signals[a.max]", "count"), (".max", ".max", ""),
    ])
    func metricNamesAreTakenApartAtTheStatistic(_ name: String, metric: String, statistic: String) {
        #expect(MetricName(name).metric == metric)
        #expect(MetricName(name).statistic == statistic)
    }

    @Test func metricsComeInOneOrderWhateverTheirSource() {
        let names = ["zeta", "response.max", "response.p99.9", "alpha", "offered", "response.p50", "throughput"]
        let expected = ["offered", "throughput", "response.p50", "response.p99.9", "response.max", "alpha", "zeta"]
        #expect(MetricName.inOrder(names) == expected)
        #expect(MetricName.inOrder(names.reversed()) == expected)
    }

    @Test(arguments: [
        ("response.p99 < 400ms", "response.p99", "< 400ms"), ("unfinished==0", "unfinished", "==0"),
        ("time.until(depth <= 8) < 3s", "time.until(depth <= 8)", "< 3s"),
        ("signals[a in b].count != 0", "signals[a in b].count", "!= 0"),
        ("attempts.perOperation.mean in 1.20...1.29", "attempts.perOperation.mean", "in 1.20...1.29"),
        ("something else", "something else", ""),
    ])
    func expectationsAreTakenApartBeforeTheirOperator(_ text: String, metric: String, limit: String) {
        let parts = ExpectationFinding.parts(of: text)
        #expect(parts.metric == metric)
        #expect(parts.limit == limit)
    }

    @Test(arguments: [
        ("a|b", "a&#124;b"), ("<b>&", "&lt;b&gt;&amp;"), ("`*_[x](y)~$", #"\`\*\_\[x\](y)\~\$"#),
        ("# x - y", "\\# x - y"),
        ("- x", #"\- x"#), ("12. x 3.", #"12\. x 3."#), ("a\nb\u{1B}[0m", #"a b \[0m"#), ("a\u{202E}b", "a\u{FFFD}b"),
    ])
    func foreignTextIsNoMarkup(_ text: String, escaped: String) {
        #expect(MarkdownText.escaped(text) == escaped)
    }

    @Test(arguments: [("a < b", "`a < b`"), ("a|b", "<code>a&#124;b</code>"), ("a`b", #"<code>a\`b</code>"#), ("", "")])
    func codeIsLiteral(_ text: String, code: String) {
        #expect(MarkdownText.code(text) == code)
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""),
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("", ""),
    ])
    func csvCellsAreQuotedAndNeverFormulas(_ text: String, cell: String) {
        var table = CSVTable(columns: ["a", "b"])
        table.append([.text(text), .number(-0.5)])
        #expect(table.text == "a,b\n\(cell),-0.5\n")
    }

    @Test func wordsAreWrappedAndLongOnesBroken() {
        #expect(PlainText.wrapped("one two three", width: 7) == ["one two", "three"])
        #expect(PlainText.wrapped("abcdefghij k", width: 4) == ["abcd", "efgh", "ij k"])
        #expect(PlainText.wrapped("", width: 4) == [""])
    }

    @Test func columnsThatDoNotFitGoBelowBesideTheFirst() {
        var table = TextTable([.left("name"), .right("one"), .right("two")])
        table.rows = [["a", "1", "22222"]]
        #expect(table.lines(width: 14) == ["  name  one", "  a       1", "", "  name    two", "  a     22222"])
        #expect(table.lines(width: 18) == ["  name  one    two", "  a       1  22222"])
    }

    @Test func sparklineKeepsTheHighestValueOfEachCharacter() {
        let series = LevelSeries(name: "depth", unit: .count, interval: 1, values: [0, 8, 0, 1, 4, 4])
        #expect(Sparkline.row(series, seconds: 8, maximum: 8, width: 4) == "█▁▄ ")
        #expect(Sparkline.row(series, seconds: 6, maximum: 8, width: 6) == "·█·▁▄▄")
        #expect(Sparkline.row(series, seconds: 3, maximum: 8, width: 6) == "··██··")
        #expect(Sparkline.row(series, seconds: 0, maximum: 8, width: 6).isEmpty)
    }

    @Test(arguments: [([3.0, 1, 2], 2.0), ([4.0, 1, 2, 3], 2.5), ([7.0], 7.0)])
    func mediansOfRepetitions(_ values: [Double], median: Double) {
        #expect(PhaseSummary.median(values) == median)
    }
}
