import Foundation
import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LatencyHistogramTests {
    private static func histogram(_ values: some Sequence<Int>) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for value in values { histogram.record(Int64(value) * 1000) }
        return histogram
    }

    private static func value(_ name: String, of histogram: LatencyHistogram) -> Double? {
        histogram.entries(named: "response").first { $0.name == "response.\(name)" }?.metric.value
    }

    /// A thousand values from 1 to 1000 µs have their p99 at 990 µs, however they were shared out before.
    @Test func percentilesOfAddedDistributionsAreThoseOfAllValues() throws {
        var sum = Self.histogram(1...900)
        let slow = Self.histogram(901...1000)
        sum.add(slow)
        #expect(sum.count == 1000)
        #expect(abs(try #require(Self.value("p99", of: sum)) - 990e-6) < 1e-6)
        let mean = (try #require(Self.value("p50", of: slow)) + 450e-6) / 2
        #expect(abs(mean - 500e-6) > 100e-6, "the mean of the percentiles would be another figure")
        #expect(abs(try #require(Self.value("p50", of: sum)) - 500e-6) < 1e-6)
    }

    @Test func distributionsSurviveTheirWayThroughJSON() throws {
        let histogram = Self.histogram([1, 5, 5, 70_000])
        let data = try JSONEncoder().encode(histogram)
        let read = try JSONDecoder().decode(LatencyHistogram.self, from: data)
        #expect(read.count == 4)
        #expect(read.entries(named: "x") == histogram.entries(named: "x"))
    }

    @Test func valuesWithoutTheirCountsAreRefused() {
        let text = Data(#"{ "nanoseconds": [1, 2], "counts": [3] }"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(LatencyHistogram.self, from: text) }
    }

    @Test func theTextIsThatOfHdrHistogram() {
        let text = Self.histogram(1...100).percentileText
        #expect(text.contains("1/(1-Percentile)"))
        #expect(text.contains("#[Max     ="))
    }
}
